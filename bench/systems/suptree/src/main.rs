//! This project, as its users meet it: servers by `#[genserver]`, calls and casts through their clients.

mod counter;
mod dynamic;
mod named;
mod spoken;
mod supervised;

use common::{
    args, finish, run_dynamic, run_killing, run_later, run_messaging, run_named, run_spoken,
    run_supervision,
};

use crate::counter::{Plain, Queued, Unbounded};
use crate::dynamic::OnDemand;
use crate::supervised::Supervised;

fn main() {
    // A printed line would be most of a restart.
    suptree::remove_default_handler();
    // Mailbox and place of execution belong to the server's type.
    let known = match args().work.as_str() {
        "call_queued" | "ir_call_queued" => run_messaging::<Queued>(),
        "cast1_u" | "cast4_u" | "ir_cast" | "stop_backlog" => run_messaging::<Unbounded>(),
        "ir_protocol_call" | "ir_protocol_cast" => run_spoken::<Plain>(),
        "kill_backlog" => run_killing::<Unbounded>(),
        _ => {
            run_messaging::<Plain>()
                || run_later::<Plain>()
                || run_named::<Plain>()
                || run_supervision::<Supervised>()
                || run_dynamic::<OnDemand>()
        }
    };
    finish(known)
}
