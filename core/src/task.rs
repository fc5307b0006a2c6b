//! Tasks: futures that live as processes, as children of supervisors. Elixir's `Task` in a child list.

pub(crate) mod output;
pub(crate) mod process;
mod life;
pub(crate) mod start;
pub(crate) mod stopping;
pub(crate) mod task_ref;
mod report;

pub use self::output::TaskOutput;
pub use self::stopping::{Stopping, stopping};
pub use self::task_ref::TaskRef;
