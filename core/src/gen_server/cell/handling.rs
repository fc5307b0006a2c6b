//! Handlers that may wait: the one that runs, and the memory of those that ran.

use std::any::Any;
use std::task::{Context, Poll};

use super::instance::Instance;
use crate::exit_reason::ExitReason;
use crate::gen_server::GenServer;

/// What a job came to.
pub(super) enum Step {
    /// On to the next; or, where it was noted so, to `terminate`.
    Done,
    /// The server has ended, `terminate` included.
    Exited(ExitReason),
}

/// The state comes back, with what the job came to. An `Err`: the server has to terminate.
pub(super) type Handled<S> = (Box<Instance<S>>, Result<Step, ExitReason>);

/// A handler that runs, or the memory of one that ran.
pub(super) trait Handling<S: GenServer>: Any + Send {
    /// Goes on with what was begun. It never unwinds.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Handled<S>>;
}

/// Handlers that may wait: the last one runs, or ran; the others are kept for their memory.
pub(super) struct Handlings<S: GenServer>(Vec<Box<dyn Handling<S>>>);

impl<S: GenServer> Handlings<S> {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    /// The one that runs, or ran last.
    #[inline]
    pub(super) fn running(&mut self) -> Option<&mut Box<dyn Handling<S>>> {
        self.0.last_mut()
    }

    /// Whether none ever ran.
    #[cfg(any(test, not(suptree_shuttle)))]
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes them out, and the handler that waits with them, to be dropped. `None`: there are none.
    pub(super) fn take(&mut self) -> Option<Self> {
        (!self.0.is_empty()).then(|| std::mem::replace(self, Self::new()))
    }

    /// The handler of this type that was kept. It is now the one that runs.
    #[inline]
    pub(super) fn get<H: Handling<S>>(&mut self) -> Option<&mut H> {
        let is = |handling: &dyn Handling<S>| (handling as &dyn Any).is::<H>();
        let last = self.0.len().checked_sub(1)?;
        if !is(&*self.0[last]) {
            let at = self.0.iter().position(|handling| is(&**handling))?;
            self.0.swap(at, last);
        }
        (&mut *self.0[last] as &mut dyn Any).downcast_mut()
    }

    /// Keeps a handler. It is now the one that runs.
    #[cold]
    pub(super) fn keep(&mut self, handling: Box<dyn Handling<S>>) {
        self.0.push(handling);
    }
}
