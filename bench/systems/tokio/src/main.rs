//! What one writes by hand: a task, an enum of messages, an mpsc channel, a oneshot for each reply; the base of all ratios.
//!
//! `--variant guarded` has what every server of suptree has: a mailbox bounded at 1,024 and a timeout on each call.

mod counter;
mod guarded;
mod later;
mod supervised;

use common::{args, finish, run_killing, run_later, run_messaging, run_named, run_supervision};

use crate::counter::ByHand;
use crate::guarded::Guarded;
use crate::supervised::Supervised;

fn main() {
    let known = match args().variant.as_str() {
        // The variant differs in messaging only.
        "guarded" => {
            run_messaging::<Guarded>() || run_killing::<Guarded>() || run_named::<Guarded>()
        }
        _ => {
            run_messaging::<ByHand>()
                || run_killing::<ByHand>()
                || run_later::<ByHand>()
                || run_named::<ByHand>()
                || run_supervision::<Supervised>()
        }
    };
    finish(known)
}
