//! One application of a program: its supervisor, and the hooks around its end.

use std::any::type_name;
use std::future::Future;
use std::pin::{Pin, pin};

use crate::catch::{Caught, catch};
use crate::child::Restart;
use crate::exit_reason::ExitReason;
use crate::guard::Guarded;
use crate::start_error::StartError;
use crate::starting::Starting;
use crate::supervisor::start::start_at;
use crate::supervisor::{Supervisor, SupervisorRef};
use crate::task::TaskOutput;

/// The work of an application, for a task of the runtime that it runs on.
pub(super) type Work<R> = Pin<Box<dyn Future<Output = R> + Send>>;

/// What a hook comes to.
pub(super) type Hooked = Result<(), ExitReason>;

/// An application, whatever its type.
pub(super) trait AnyPart: Send {
    fn name(&self) -> &'static str;
    fn restart(&self) -> Restart;
    /// The supervisor is there, and starts its children. It is started once.
    fn start(self: Box<Self>) -> Work<Result<Launched, StartError>>;
    /// What is done when all of it runs. `None`: nothing.
    fn on_ready(&mut self) -> Option<Work<Hooked>>;
    /// `None`: there is nothing to be done.
    fn prep_stop(&mut self) -> Option<Work<Hooked>>;
    fn stop(&mut self) -> Option<Work<Hooked>>;
}

/// An application whose supervisor is there.
pub(super) struct Launched {
    pub(super) part: Box<dyn AnyPart>,
    pub(super) supervisor: SupervisorRef,
    pub(super) starting: Starting,
}

/// A hook that is given the handle.
type WithHandle<T> = Box<dyn FnOnce(T) -> Work<ExitReason> + Send>;
type Stop = Box<dyn FnOnce() -> Work<ExitReason> + Send>;

pub(super) struct Part<T: Supervisor> {
    args: Option<Guarded<T::Args>>,
    handle: Option<Guarded<T>>,
    handle_when_ready: Option<Guarded<T>>,
    on_ready: Option<Guarded<WithHandle<T>>>,
    prep_stop: Option<Guarded<WithHandle<T>>>,
    stop: Option<Guarded<Stop>>,
    restart: Restart,
}

impl<T: Supervisor> Part<T> {
    pub(super) const fn new(args: T::Args) -> Self {
        Self {
            args: Some(Guarded::new(args)),
            handle: None,
            handle_when_ready: None,
            on_ready: None,
            prep_stop: None,
            stop: None,
            restart: Restart::Permanent,
        }
    }

    pub(super) fn set_on_ready<F, O>(&mut self, hook: F)
    where
        F: FnOnce(T) -> O + Send + 'static,
        O: Future<Output: TaskOutput> + Send + 'static,
    {
        self.on_ready = Some(with_handle(hook));
    }

    pub(super) fn set_prep_stop<F, O>(&mut self, hook: F)
    where
        F: FnOnce(T) -> O + Send + 'static,
        O: Future<Output: TaskOutput> + Send + 'static,
    {
        self.prep_stop = Some(with_handle(hook));
    }

    pub(super) fn set_stop<F, O>(&mut self, hook: F)
    where
        F: FnOnce() -> O + Send + 'static,
        O: Future<Output: TaskOutput> + Send + 'static,
    {
        self.stop = Some(Guarded::new(Box::new(|| {
            let work = hook();
            Box::pin(async move { work.await.into_exit_reason() })
        })));
    }

    pub(super) const fn set_restart(&mut self, restart: Restart) {
        self.restart = restart;
    }
}

fn with_handle<T, F, O>(hook: F) -> Guarded<WithHandle<T>>
where
    F: FnOnce(T) -> O + Send + 'static,
    O: Future<Output: TaskOutput> + Send + 'static,
{
    Guarded::new(Box::new(|handle| {
        let work = hook(handle);
        Box::pin(async move { work.await.into_exit_reason() })
    }))
}

impl<T: Supervisor> AnyPart for Part<T> {
    fn name(&self) -> &'static str {
        type_name::<T>()
    }

    fn restart(&self) -> Restart {
        self.restart
    }

    fn start(mut self: Box<Self>) -> Work<Result<Launched, StartError>> {
        Box::pin(async move {
            let gone = || StartError::Init(ExitReason::NoProc);
            let args = self.args.take().ok_or_else(gone)?;
            let made = catch(|| {
                let handle = Guarded::new(T::vacant());
                let kept = Guarded::new(handle.get().clone());
                let again = || Guarded::new(handle.get().clone());
                let when_ready = self.on_ready.is_some().then(again);
                let supervisor = handle.get().supervisor().clone();
                (handle, kept, when_ready, supervisor)
            });
            let (handle, kept, when_ready, supervisor) = made.map_err(StartError::Init)?;
            self.handle = Some(kept);
            self.handle_when_ready = when_ready;
            let starting = catch(|| start_at(handle.get(), args)).map_err(StartError::Init)??;
            Ok(Launched {
                part: self,
                supervisor,
                starting,
            })
        })
    }

    fn on_ready(&mut self) -> Option<Work<Hooked>> {
        let (hook, handle) = (self.on_ready.take()?, self.handle_when_ready.take()?);
        Some(caught(Guarded::new(Box::new(move || {
            hook.into_inner()(handle.into_inner())
        }))))
    }

    fn prep_stop(&mut self) -> Option<Work<Hooked>> {
        let (hook, handle) = (self.prep_stop.take()?, self.handle.take()?);
        Some(caught(Guarded::new(Box::new(move || {
            hook.into_inner()(handle.into_inner())
        }))))
    }

    fn stop(&mut self) -> Option<Work<Hooked>> {
        self.stop.take().map(caught)
    }
}

/// A hook is a user's.
fn caught(hook: Guarded<Stop>) -> Work<Hooked> {
    Box::pin(async move {
        let work = catch(|| hook.into_inner()())?;
        let work = pin!(Some(work));
        match Caught::new(work).await? {
            ExitReason::Normal => Ok(()),
            reason => Err(reason),
        }
    })
}
