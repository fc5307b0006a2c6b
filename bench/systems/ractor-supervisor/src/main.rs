//! ractor-supervisor: supervision of ractor's actors. The messaging workloads of ractor are in `systems/ractor`.

mod supervised;

use common::{finish, run_supervision};

use crate::supervised::Supervised;

fn main() {
    finish(run_supervision::<Supervised>())
}
