//! tokio-actors: an enum of messages and one of responses; mailboxes are bounded.

mod counter;
mod supervised;

use common::{finish, run_killing, run_messaging, run_named, run_supervision};

use crate::counter::TokioActors;
use crate::supervised::Supervised;

fn main() {
    finish(
        run_messaging::<TokioActors>()
            || run_killing::<TokioActors>()
            || run_named::<TokioActors>()
            || run_supervision::<Supervised>(),
    )
}
