//! spawned: one type a message; mailboxes are unbounded, requests have a timeout of 5 s.

mod counter;

use common::{finish, run_messaging, run_named};

use crate::counter::Spawned;

fn main() {
    finish(run_messaging::<Spawned>() || run_named::<Spawned>())
}
