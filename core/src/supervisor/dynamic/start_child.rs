//! `StartChild`: the start of a dynamic child, as a future of its handle.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::process::pid::Pid;
use crate::supervisor::child_spec::{Child, ChildSpec};
use crate::supervisor::request::StartChildError;
use crate::supervisor::supervisor_ref::SupervisorRef;

/// The start of a child, by [`DynamicSupervisorRef::start_child`](crate::DynamicSupervisorRef::start_child): a future of its handle.
///
/// # Errors
///
/// A [`StartChildError`]; see [`start_child`](crate::DynamicSupervisorRef::start_child).
///
/// # Cancel safety
///
/// The supervisor is asked when the future is first polled. The child is started even if the future is dropped then.
// A type by itself: an `impl Future` would depend on what the arguments were given as.
#[must_use = "a child does not start unless this is awaited"]
pub struct StartChild<C: Child> {
    starting: Pin<Box<dyn Future<Output = Result<Pid, StartChildError>> + Send>>,
    handle: C::Handle,
}

// The handle is never pinned.
impl<C: Child> Unpin for StartChild<C> {}

impl<C: Child> StartChild<C> {
    pub(super) fn new(supervisor: &SupervisorRef, spec: ChildSpec, handle: C::Handle) -> Self {
        Self {
            starting: Box::pin(supervisor.start_child(spec)),
            handle,
        }
    }
}

impl<C: Child> Future for StartChild<C> {
    type Output = Result<C::Handle, StartChildError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        ready!(self.starting.as_mut().poll(cx))?;
        Poll::Ready(Ok(self.handle.clone()))
    }
}

impl<C: Child> fmt::Debug for StartChild<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StartChild").finish_non_exhaustive()
    }
}
