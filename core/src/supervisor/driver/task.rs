//! The task that a supervisor lives in.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use crate::process::{Process, current};
use crate::reply::abandoned;
use crate::supervisor::inbox::SupervisorProcess;

/// The supervisor's task. Dropped before its end, the runtime is shutting down or the supervisor panicked.
pub(in crate::supervisor) struct SupervisorTask<F> {
    me: Arc<SupervisorProcess>,
    life: Pin<Box<F>>,
}

impl<F> SupervisorTask<F> {
    pub(in crate::supervisor) fn new(me: Arc<SupervisorProcess>, life: F) -> Self {
        Self {
            me,
            life: Box::pin(life),
        }
    }
}

impl<F: Future<Output = ()>> Future for SupervisorTask<F> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let polled = {
            let me = Arc::clone(&self.me);
            let _polled = me.pulse.poll();
            let _scope = current::enter(me.pid());
            self.life.as_mut().poll(cx)
        };
        abandoned::notify(self.me.pid());
        polled
    }
}

impl<F> Drop for SupervisorTask<F> {
    fn drop(&mut self) {
        if self.me.header().exit_reason().is_none() {
            Arc::clone(&self.me).runtime_gone();
        }
    }
}
