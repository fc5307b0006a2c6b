//! What a system has to be able to do for the supervision workloads.

use std::future::Future;

use crate::flavour::{Flavour, run_in_task};

/// Who is started again with a child that crashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// Nobody.
    OneForOne,
    /// All, when they have been stopped.
    OneForAll,
    /// Those that were started after it.
    RestForOne,
}

/// A system with supervisors. A child calls [`child_started`](crate::child_started) in its init and holds
/// [`State`](crate::State).
pub trait Supervision: Send + Sync + 'static {
    type Supervisor: Send + Sync + 'static;

    /// Runs `main` to its end inside a task of the runtime.
    fn run<F>(flavour: Flavour, main: F) -> F::Output
    where
        F: Future<Output: Send> + Send + 'static,
    {
        run_in_task(flavour, main)
    }

    /// Whether it knows strategies other than [`Strategy::OneForOne`].
    const GROUPS: bool = true;

    /// Starts a supervisor with `children` permanent children; ready when all of them are up.
    fn start(strategy: Strategy, children: usize) -> impl Future<Output = Self::Supervisor> + Send;
    /// Shuts it down and waits until it and all children are gone.
    fn stop(supervisor: Self::Supervisor) -> impl Future<Output = ()> + Send;
    /// A cast whose handler panics.
    fn crash(supervisor: &Self::Supervisor, index: usize) -> impl Future<Output = ()> + Send;
    /// Calls the child for its generation; `None` while nobody answers.
    fn generation(
        supervisor: &Self::Supervisor,
        index: usize,
    ) -> impl Future<Output = Option<u64>> + Send;
}

/// A system with supervisors that are asked for their children one by one. A child is as those of [`Supervision`].
pub trait Dynamic: Send + Sync + 'static {
    type Supervisor: Send + Sync + 'static;
    /// What leads to a child, and to the next one in its place.
    type Child: Send + Sync + 'static;

    /// Runs `main` to its end inside a task of the runtime.
    fn run<F>(flavour: Flavour, main: F) -> F::Output
    where
        F: Future<Output: Send> + Send + 'static,
    {
        run_in_task(flavour, main)
    }

    /// Starts a supervisor without children.
    fn start() -> impl Future<Output = Self::Supervisor> + Send;
    /// Starts a permanent child; ready when it is up.
    fn start_child(
        supervisor: &Self::Supervisor,
        index: usize,
    ) -> impl Future<Output = Self::Child> + Send;
    /// Shuts it down and waits until it and all children are gone.
    fn stop(supervisor: Self::Supervisor) -> impl Future<Output = ()> + Send;
    /// Kills the child that runs now.
    fn kill(child: &Self::Child);
    /// Calls the child for its generation; `None` while nobody answers.
    fn generation(child: &Self::Child) -> impl Future<Output = Option<u64>> + Send;
}
