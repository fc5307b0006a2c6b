//! `Order`: the child that a dynamic supervisor is asked for. The supervisor makes its specification when there is room for it;
//! until then the arguments are there, to be given back.

use std::any::Any;

use crate::child::{Restart, Shutdown};
use crate::exit_reason::ExitReason;
use crate::guard::Guarded;
use crate::start_error::StartError;
use crate::supervisor::child_spec::ChildSpec;
use crate::supervisor::child_spec::startable::Child;
use crate::sync::{Mutex, lock};

/// What the supervisor sees of it.
pub(crate) trait AnyOrder: Send + Sync {
    /// Whether there are arguments that have a destructor.
    fn holds_args(&self) -> bool;
    /// The specification of the child. User code: it clones the extra arguments, and drops arguments that do not fit.
    fn child_spec(&self, extra: Option<&(dyn Any + Send)>) -> Result<ChildSpec, StartError>;
}

/// Makes all arguments of a child of its own, and of those of its supervisor; `None`: these are of other types.
pub(super) type Join<C, A> = fn(Option<&(dyn Any + Send)>, A) -> Option<<C as Child>::Args>;

/// `A`: what the child is given by who starts it.
pub(super) struct Order<C: Child, A> {
    /// Until the child is made, or they are given back.
    args: Mutex<Option<Guarded<A>>>,
    pub(super) handle: Guarded<C::Handle>,
    pub(super) join: Join<C, A>,
    pub(super) make: fn(&C::Handle, C::Args) -> ChildSpec,
    pub(super) restart: Option<Restart>,
    pub(super) shutdown: Option<Shutdown>,
}

impl<C: Child, A> Order<C, A> {
    pub(super) fn new(
        args: A,
        join: Join<C, A>,
        make: fn(&C::Handle, C::Args) -> ChildSpec,
    ) -> Self {
        Self {
            args: Mutex::new(Some(Guarded::new(args))),
            handle: Guarded::new(C::vacant()),
            join,
            make,
            restart: None,
            shutdown: None,
        }
    }

    /// Takes the arguments, which are nobody else's then.
    pub(super) fn take(&self) -> Option<A> {
        let args = lock(&self.args).take();
        args.map(Guarded::into_inner)
    }
}

impl<C: Child, A: Send> AnyOrder for Order<C, A> {
    fn holds_args(&self) -> bool {
        std::mem::needs_drop::<A>() && lock(&self.args).is_some()
    }

    fn child_spec(&self, extra: Option<&(dyn Any + Send)>) -> Result<ChildSpec, StartError> {
        // Given back, because the one who asked has heard of the supervisor's end.
        let args = self.take().ok_or(StartError::Init(ExitReason::NoProc))?;
        let args = (self.join)(extra, args).ok_or_else(|| {
            StartError::Init("the supervisor has extra arguments of other types".into())
        })?;
        let handle = self.handle.get();
        let mut spec = (self.make)(handle, args);
        spec.place = Some(C::place_of(handle));
        if let Some(restart) = self.restart {
            spec = spec.restart(restart);
        }
        if let Some(shutdown) = self.shutdown {
            spec = spec.shutdown(shutdown);
        }
        Ok(spec)
    }
}
