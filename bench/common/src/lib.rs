//! The workloads, written once: a system implements [`System`] (and [`Supervision`], when it has supervisors) in a binary of
//! its own, and its `main` hands itself to [`run_messaging`] and [`run_supervision`], and to those that want what not every system has:
//! [`run_killing`], [`run_later`], [`run_named`], and [`run_dynamic`] for supervisors that are asked for children.
//!
//! A binary runs one workload once and prints its metrics, one JSON object a line. Rounds, order and ratios are the
//! driver's business (`bench/run`).

mod args;
mod children;
mod flavour;
mod gate;
mod lives;
mod metric;
mod ring_end;
mod state;
mod supervision;
mod system;
mod workloads;

pub use args::{Args, args};
pub use children::child_started;
pub use children::{start_count, wait_for_starts};
pub use flavour::{Flavour, run_on_this_thread};
pub use gate::{burn_one_microsecond, gate};
pub use lives::{Alive, wait_until_none_alive};
pub use ring_end::ring_done;
pub use state::State;
pub use supervision::{Dynamic, Strategy, Supervision};
pub use system::{CALL_TIMEOUT, Joined, Kill, Later, Mailbox, Named, Spoken, System};
pub use workloads::{
    finish, run_dynamic, run_killing, run_later, run_messaging, run_named, run_spoken,
    run_supervision,
};
