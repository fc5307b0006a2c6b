//! Starting a server: claim the name, run `init`, hand the reference to the starter.

use crate::gen_server::cell::init::{init_cell, register_cell};
use crate::gen_server::{GenServer, ServerRef};
use crate::process::Tie;
use crate::process::pid::Pid;
use crate::start_error::StartError;
use crate::starting::{Start, Starting};
use crate::sync::Arc;

/// Starts a server, linked to the process this is called from, which becomes its parent.
///
/// Outside a process there is nobody to link to: then it is like [`start`]. See [`Start`]. `#[genserver]` gives each server
/// a function of this name.
pub fn start_link<S: GenServer>(args: S::Args) -> Start<S::Client> {
    starting::<S>(args, true)
}

/// Starts a server without a parent. See [`Start`]. `#[genserver]` gives each server a function of this name.
pub fn start<S: GenServer>(args: S::Args) -> Start<S::Client> {
    starting::<S>(args, false)
}

fn starting<S: GenServer>(args: S::Args, linked: bool) -> Start<S::Client> {
    Start::new(async move {
        let tie = if linked { Tie::to_starter() } else { Tie::None };
        let cell = init_cell(register_cell::<S>(&args, tie, None)?, args).await?;
        Ok(S::Client::from(ServerRef::to(cell)))
    })
}

/// Starts a server under a supervisor. `at`, if given, leads to it from the moment its name does.
pub(crate) fn start_supervised<S: GenServer>(
    args: S::Args,
    parent: Pid,
    at: Option<&ServerRef<S>>,
) -> Result<Starting, StartError> {
    let place = at.and_then(ServerRef::place);
    let starting = register_cell::<S>(&args, Tie::Supervised(parent), place)?;
    Ok(Starting {
        process: Arc::clone(starting.cell()) as _,
        ready: Box::pin(async move { init_cell(starting, args).await.map(drop) }),
    })
}
