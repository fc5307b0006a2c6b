//! ractor: an enum of messages, reply ports in them; mailboxes are unbounded.

mod counter;

use common::{finish, run_killing, run_messaging, run_named};

use crate::counter::Ractor;

fn main() {
    finish(run_messaging::<Ractor>() || run_killing::<Ractor>() || run_named::<Ractor>())
}
