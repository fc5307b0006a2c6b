//! Supervisors, as a scenario describes them.

use suptree::{
    CallError, Child, ChildCounts, ChildId, ChildInfo, ChildSpec, DynamicSupervisor,
    DynamicSupervisorRef, DynamicSupervisorSpec, ExitReason, Pid, StartError, StopError,
    Supervisor, SupervisorRef, SupervisorSpec, start_link_dynamic_supervisor,
    start_link_supervisor,
};

use super::child::{self, Dynamic, DynamicArgs};
use super::world::{self, Role};
use crate::scenario::{Id, Kind, Spec};
use crate::words;

/// How long the window of restarts is, in seconds: no restart leaves it.
const WINDOW: u64 = 3600;

/// A supervisor with children that are known beforehand.
#[derive(Clone, Debug)]
struct Fixed(SupervisorRef);

impl Child for Fixed {
    type Args = Spec;
    type Handle = Self;

    fn vacant() -> Self {
        Self(SupervisorRef::vacant())
    }

    fn child_spec(handle: &Self, id: impl Into<ChildId>, spec: Spec) -> ChildSpec {
        handle.as_child(id, spec)
    }
}

impl Supervisor for Fixed {
    fn supervisor(&self) -> &SupervisorRef {
        &self.0
    }

    fn init(&self, spec: Spec) -> SupervisorSpec {
        world::start(Role::Supervisor(Handle::Fixed(self.0.clone())), spec.id);
        let Kind::Supervisor {
            strategy,
            max_restarts,
            auto_shutdown,
            children,
        } = spec.kind
        else {
            unreachable!("it is fixed")
        };
        let flags = SupervisorSpec::new(strategy)
            .auto_shutdown(auto_shutdown)
            .max_restarts(max_restarts)
            .max_seconds(WINDOW);
        children
            .into_iter()
            .fold(flags, |flags, child| flags.child(child_spec(child)))
    }
}

/// A dynamic supervisor.
#[derive(Clone, Debug)]
struct Pool {
    supervisor: DynamicSupervisorRef<Dynamic>,
    spec: Spec,
}

impl Child for Pool {
    type Args = ();
    type Handle = Self;

    fn vacant() -> Self {
        Self::of(super::root())
    }

    fn child_spec(handle: &Self, id: impl Into<ChildId>, (): ()) -> ChildSpec {
        handle.as_child(id, ())
    }
}

impl Pool {
    fn of(spec: Spec) -> Self {
        Self {
            supervisor: DynamicSupervisorRef::vacant(),
            spec,
        }
    }
}

impl DynamicSupervisor for Pool {
    type Child = Dynamic;

    fn supervisor(&self) -> &DynamicSupervisorRef<Dynamic> {
        &self.supervisor
    }

    fn init(&self, (): ()) -> DynamicSupervisorSpec {
        world::start(
            Role::Supervisor(Handle::Dynamic(self.clone().into())),
            self.spec.id,
        );
        let Kind::Dynamic { max_restarts, .. } = self.spec.kind else {
            unreachable!("it is dynamic")
        };
        DynamicSupervisorSpec::new()
            .max_restarts(max_restarts)
            .max_seconds(WINDOW)
    }
}

fn child_spec(spec: Spec) -> ChildSpec {
    let (id, restart, significant) = (words::id(spec.id), spec.restart, spec.significant);
    let child = match spec.kind {
        Kind::Worker(worker) => child::spec(spec.id, restart, worker),
        Kind::Supervisor { .. } => Fixed::vacant().as_child(id, spec),
        Kind::Dynamic { .. } => Pool::of(spec).as_child(id, ()),
    };
    child.restart(restart).significant(significant)
}

/// The root of a scenario.
pub(super) struct Root;

impl Root {
    pub(super) async fn start() -> Result<(), StartError> {
        let root = super::root();
        if let Kind::Dynamic { .. } = root.kind {
            start_link_dynamic_supervisor::<Pool>(()).await.map(drop)
        } else {
            start_link_supervisor::<Fixed>(root).await.map(drop)
        }
    }
}

/// What is asked of a supervisor of either kind.
#[derive(Clone, Debug)]
pub(super) enum Handle {
    Fixed(SupervisorRef),
    Dynamic(DynamicHandle),
}

#[derive(Clone, Debug)]
pub(super) struct DynamicHandle(Pool);

impl From<Pool> for DynamicHandle {
    fn from(pool: Pool) -> Self {
        Self(pool)
    }
}

impl DynamicHandle {
    async fn start(&self, id: Option<Id>) -> String {
        let supervisor = self.0.spec.clone();
        let args = DynamicArgs { id, supervisor };
        words::started(self.0.supervisor.start_child(args).await)
    }
}

impl Handle {
    pub(super) fn is_alive(&self) -> bool {
        match self {
            Self::Fixed(supervisor) => supervisor.is_alive(),
            Self::Dynamic(pool) => pool.0.supervisor.is_alive(),
        }
    }

    pub(super) async fn which_children(&self) -> Result<Vec<ChildInfo>, CallError> {
        match self {
            Self::Fixed(supervisor) => supervisor.which_children().await,
            Self::Dynamic(pool) => pool.0.supervisor.which_children().await,
        }
    }

    pub(super) async fn count_children(&self) -> Result<ChildCounts, CallError> {
        match self {
            Self::Fixed(supervisor) => supervisor.count_children().await,
            Self::Dynamic(pool) => pool.0.supervisor.count_children().await,
        }
    }

    pub(super) async fn stop(&self, reason: ExitReason) -> Result<(), StopError> {
        match self {
            Self::Fixed(supervisor) => supervisor.stop_with(reason).await,
            Self::Dynamic(pool) => pool.0.supervisor.stop_with(reason).await,
        }
    }

    pub(super) async fn start_child(&self, spec: Spec) -> String {
        let Self::Fixed(supervisor) = self else {
            unreachable!("a scenario starts no such child in a dynamic supervisor")
        };
        words::started(supervisor.start_child(child_spec(spec)).await)
    }

    pub(super) async fn start_dynamic(&self, id: Id) -> String {
        match self {
            Self::Dynamic(pool) => pool.start(Some(id)).await,
            Self::Fixed(_) => unreachable!("a scenario starts no such child here"),
        }
    }

    /// Starts the child that holds it up.
    pub(super) async fn start_held(&self) -> String {
        match self {
            Self::Fixed(supervisor) => words::started(supervisor.start_child(child::held()).await),
            Self::Dynamic(pool) => pool.start(None).await,
        }
    }

    pub(super) async fn terminate(&self, id: Id) -> String {
        words::terminated(self.fixed().terminate_child(words::id(id)).await)
    }

    pub(super) async fn restart_child(&self, id: Id) -> String {
        words::restarted(self.fixed().restart_child(words::id(id)).await)
    }

    pub(super) async fn delete_child(&self, id: Id) -> String {
        words::deleted(self.fixed().delete_child(words::id(id)).await)
    }

    pub(super) async fn get_childspec(&self, id: Id) -> String {
        words::specification(self.fixed().get_childspec(words::id(id)).await)
    }

    fn fixed(&self) -> &SupervisorRef {
        match self {
            Self::Fixed(supervisor) => supervisor,
            Self::Dynamic(_) => unreachable!("its children have no ids"),
        }
    }

    pub(super) async fn terminate_dynamic(&self, pid: Pid) -> String {
        match self {
            Self::Dynamic(DynamicHandle(pool)) => {
                words::terminated(pool.supervisor.terminate_child(pid).await)
            }
            Self::Fixed(_) => unreachable!("its children go by their ids"),
        }
    }
}
