//! actix: actors are not `Send` and stay on the thread of their arbiter.

mod counter;

use common::{finish, run_messaging};

use crate::counter::Actix;

fn main() {
    finish(run_messaging::<Actix>())
}
