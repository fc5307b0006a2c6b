//! hydra: GenServer as in Elixir, over processes with unbounded mailboxes; calls have a timeout of 5 s.

mod counter;
mod supervised;

use common::{finish, run_killing, run_messaging, run_named, run_supervision};

use crate::counter::Hydra;
use crate::supervised::Supervised;

fn main() {
    finish(
        run_messaging::<Hydra>()
            || run_killing::<Hydra>()
            || run_named::<Hydra>()
            || run_supervision::<Supervised>(),
    )
}
