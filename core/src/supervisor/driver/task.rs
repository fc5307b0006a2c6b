//! The task that a supervisor lives in.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use crate::catch::catch;
use crate::guard::Guarded;
use crate::process::{Process, current};
use crate::reply::abandoned;
use crate::supervisor::supervisor_process::SupervisorProcess;

/// The supervisor's task. Dropped before its end, the runtime is shutting down.
pub(in crate::supervisor) struct SupervisorTask<F> {
    me: Arc<SupervisorProcess>,
    /// Until it is over.
    life: Option<Guarded<Pin<Box<F>>>>,
}

impl<F> SupervisorTask<F> {
    pub(in crate::supervisor) fn new(me: Arc<SupervisorProcess>, life: F) -> Self {
        Self {
            me,
            life: Some(Guarded::new(Box::pin(life))),
        }
    }
}

impl<F: Future<Output = ()>> Future for SupervisorTask<F> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Self { me, life } = &mut *self;
        let over = {
            let _polled = me.pulse.poll();
            let _scope = current::enter(me.pid());
            let polled = match life {
                Some(life) => catch(|| life.get_mut().as_mut().poll(cx)),
                None => Ok(Poll::Ready(())),
            };
            match polled {
                Ok(polled) => polled.is_ready(),
                // Not even its children could be stopped: what is left of it tells them, and the end is told as it is.
                Err(panic) => {
                    *life = None;
                    me.finish(&panic);
                    true
                }
            }
        };
        abandoned::notify(me.pid());
        if over { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl<F> Drop for SupervisorTask<F> {
    fn drop(&mut self) {
        if self.me.header().exit_reason().is_none() {
            Arc::clone(&self.me).runtime_gone();
        }
    }
}
