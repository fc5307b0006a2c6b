//! How the task of an item begins: at once, or when a supervisor has started it.

use std::future::Future;
use std::pin::Pin;

use crate::task::handle::Task;
use crate::task::task_error::TaskError;

/// Begins the task of an item.
pub(crate) type Begin<I, T> = Box<dyn FnMut(I) -> Begun<T> + Send>;

/// A task on its way.
pub(crate) enum Begun<T> {
    Now(Task<T>),
    Later(Starting<T>),
}

/// A task that a supervisor is asked for. Dropped, none is left.
pub(super) type Starting<T> = Pin<Box<dyn Future<Output = Result<Task<T>, TaskError>> + Send>>;
