//! xtra: one type a message.

mod counter;

use common::{finish, run_messaging};

use crate::counter::Xtra;

fn main() {
    finish(run_messaging::<Xtra>())
}
