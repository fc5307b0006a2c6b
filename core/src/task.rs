//! Tasks: futures that live as processes, by themselves or as children of supervisors. Elixir's `Task`.

// The process.
pub(crate) mod output;
pub(crate) mod process;
mod life;
pub(crate) mod callers;
pub(crate) mod start;
pub(crate) mod stopping;
pub(crate) mod task_ref;
mod report;
// Its value.
mod outlet;
pub(crate) mod task_error;
mod running;
mod handle;
mod yield_for;
mod many;
pub(crate) mod stream;
pub(crate) mod errand;
mod in_context;
pub(crate) mod beside;

pub use self::callers::{ancestors, callers};
pub use self::handle::Task;
pub use self::many::await_many::AwaitMany;
pub use self::many::yield_many::YieldMany;
pub use self::output::TaskOutput;
pub use self::stopping::{Stopping, stopping};
pub use self::stream::{AsyncStream, Items, ZipInput};
pub use self::task_error::TaskError;
pub use self::task_ref::TaskRef;
pub use self::yield_for::YieldFor;
