//! kameo: one type a message, `ask` and `tell`; bounded mailboxes by default.

mod counter;
mod supervised;

use common::{finish, run_killing, run_messaging, run_named, run_supervision};

use crate::counter::Kameo;
use crate::supervised::Supervised;

fn main() {
    finish(
        run_messaging::<Kameo>()
            || run_killing::<Kameo>()
            || run_named::<Kameo>()
            || run_supervision::<Supervised>(),
    )
}
