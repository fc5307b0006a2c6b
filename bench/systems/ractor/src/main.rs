//! ractor: an enum of messages, reply ports in them; mailboxes are unbounded.

mod counter;

use common::{finish, run_messaging};

use crate::counter::Ractor;

fn main() {
    finish(run_messaging::<Ractor>())
}
