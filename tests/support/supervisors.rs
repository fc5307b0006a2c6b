//! Supervisors whose children a test chooses.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, Mutex};

use suptree::{
    Child, ChildId, ChildSpec, DynamicSupervisor, DynamicSupervisorRef, DynamicSupervisorSpec,
    GenServer, Name, StartChildError, StartError, Strategy, Supervisor, SupervisorRef,
    SupervisorSpec, start_link_supervisor,
};

use super::Log;
use super::probe::{Kind, Plain, Probe, Script, Server, Traps};

/// Makes the flags and children of a supervisor.
#[derive(Clone)]
pub(crate) struct Make(Arc<dyn Fn() -> SupervisorSpec + Send + Sync>);

/// A supervisor of whatever the test gives it.
#[derive(Clone, Debug)]
pub(crate) struct Sup(SupervisorRef);

/// As [`Sup`], named "sup".
#[derive(Clone, Debug)]
pub(crate) struct NamedSup(SupervisorRef);

macro_rules! supervisors {
    ($($sup:ident: $name:expr;)*) => {$(
        impl Supervisor for $sup {
            fn name() -> Option<Name> {
                $name
            }

            fn supervisor(&self) -> &SupervisorRef {
                &self.0
            }

            fn init(&self, make: Make) -> SupervisorSpec {
                (make.0)()
            }
        }

        impl Child for $sup {
            type Args = Make;
            type Handle = Self;

            fn vacant() -> Self {
                Self(SupervisorRef::vacant())
            }

            fn child_spec(handle: &Self, id: impl Into<ChildId>, args: Make) -> ChildSpec {
                handle.as_child(id, args)
            }
        }

        impl $sup {
            pub(crate) async fn start(
                make: impl Fn(SupervisorSpec) -> SupervisorSpec + Send + Sync + 'static,
            ) -> Result<Self, StartError> {
                Self::start_as(Strategy::OneForOne, make).await
            }

            pub(crate) async fn start_as(
                strategy: Strategy,
                make: impl Fn(SupervisorSpec) -> SupervisorSpec + Send + Sync + 'static,
            ) -> Result<Self, StartError> {
                start_link_supervisor::<Self>(supervise_as(strategy, make)).await
            }
        }

        impl Deref for $sup {
            type Target = SupervisorRef;

            fn deref(&self) -> &SupervisorRef {
                &self.0
            }
        }
    )*};
}

supervisors! {
    Sup: None;
    NamedSup: Some(Name::from_static("sup"));
}

/// The arguments of a [`Sup`].
pub(crate) fn supervise(
    make: impl Fn(SupervisorSpec) -> SupervisorSpec + Send + Sync + 'static,
) -> Make {
    supervise_as(Strategy::OneForOne, make)
}

/// The arguments of a [`Sup`] with this strategy.
pub(crate) fn supervise_as(
    strategy: Strategy,
    make: impl Fn(SupervisorSpec) -> SupervisorSpec + Send + Sync + 'static,
) -> Make {
    Make(Arc::new(move || make(SupervisorSpec::new(strategy))))
}

/// A handle for a child that is not there yet.
pub(crate) fn place<K: Kind>() -> Server<K> {
    <Probe<K> as Child>::vacant()
}

/// A probe as a child, by its script's id.
pub(crate) fn child<K: Kind>(handle: &Server<K>, script: &Script<K>) -> ChildSpec {
    <Probe<K> as Child>::child_spec(handle, script.id, script.clone())
}

pub(crate) fn child_id<S: GenServer>(
    id: &'static str,
    args: impl FnMut() -> S::Args + Send + 'static,
) -> ChildSpec {
    ChildSpec::new::<S>(id, args)
}

/// A dynamic supervisor of probes: `RESTARTS` in 5 s, at most `CHILDREN` children.
pub(crate) struct Dyn<K: Kind, const RESTARTS: u32 = 3, const CHILDREN: usize = 1_000_000>(
    DynamicSupervisorRef<Probe<K>>,
);

impl<K: Kind, const RESTARTS: u32, const CHILDREN: usize> Clone for Dyn<K, RESTARTS, CHILDREN> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K: Kind, const RESTARTS: u32, const CHILDREN: usize> fmt::Debug
    for Dyn<K, RESTARTS, CHILDREN>
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<K: Kind, const RESTARTS: u32, const CHILDREN: usize> Child for Dyn<K, RESTARTS, CHILDREN> {
    type Args = ();
    type Handle = Self;

    fn vacant() -> Self {
        Self(DynamicSupervisorRef::vacant())
    }

    fn child_spec(handle: &Self, id: impl Into<ChildId>, (): ()) -> ChildSpec {
        DynamicSupervisor::as_child(handle, id, ())
    }
}

impl<K: Kind, const RESTARTS: u32, const CHILDREN: usize> DynamicSupervisor
    for Dyn<K, RESTARTS, CHILDREN>
{
    type Child = Probe<K>;

    fn supervisor(&self) -> &DynamicSupervisorRef<Probe<K>> {
        &self.0
    }

    fn init(&self, (): ()) -> DynamicSupervisorSpec {
        DynamicSupervisorSpec::new()
            .max_restarts(RESTARTS)
            .max_children(CHILDREN)
    }
}

impl<K: Kind, const RESTARTS: u32, const CHILDREN: usize> Deref for Dyn<K, RESTARTS, CHILDREN> {
    type Target = DynamicSupervisorRef<Probe<K>>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<K: Kind, const RESTARTS: u32, const CHILDREN: usize> Dyn<K, RESTARTS, CHILDREN> {
    pub(crate) async fn start() -> Self {
        suptree::start_link_dynamic_supervisor::<Self>(())
            .await
            .unwrap()
    }
}

/// Three children a, b, c.
pub(crate) async fn abc(log: &Log) -> (Sup, [Server<Traps>; 3]) {
    let handles = [place::<Traps>(), place(), place()];
    let scripts = ["a", "b", "c"].map(|id| Script::<Traps>::new(id, log));
    let out = handles.clone();
    let sup = Sup::start(move |mut spec| {
        for (handle, script) in handles.iter().zip(&scripts) {
            spec = spec.child(child(handle, script));
        }
        spec
    })
    .await
    .unwrap();
    (sup, out)
}

/// A child that nobody has a handle of.
pub(crate) fn spec_of(log: &Log, id: &'static str) -> ChildSpec {
    child(&place::<Plain>(), &Script::new(id, log))
}

/// A child of any kind, as the specification says that it is started with.
pub(crate) struct AnyChild;

/// A specification, until a child is started by it.
#[derive(Clone)]
pub(crate) struct ByItself(Arc<Mutex<Option<ChildSpec>>>);

impl Child for AnyChild {
    type Args = ByItself;
    type Handle = ();

    fn vacant() {}

    fn child_spec((): &(), _id: impl Into<ChildId>, ByItself(spec): ByItself) -> ChildSpec {
        spec.lock().unwrap().take().expect("it is started once")
    }
}

impl suptree::OnDemand for AnyChild {
    type Given = suptree::Cloned;
}

/// A dynamic supervisor of children of any kind.
#[derive(Clone, Debug)]
pub(crate) struct AnyDyn(DynamicSupervisorRef<AnyChild>);

impl Child for AnyDyn {
    type Args = ();
    type Handle = Self;

    fn vacant() -> Self {
        Self(DynamicSupervisorRef::vacant())
    }

    fn child_spec(handle: &Self, id: impl Into<ChildId>, (): ()) -> ChildSpec {
        handle.as_child(id, ())
    }
}

impl DynamicSupervisor for AnyDyn {
    type Child = AnyChild;

    fn supervisor(&self) -> &DynamicSupervisorRef<AnyChild> {
        &self.0
    }

    fn init(&self, (): ()) -> DynamicSupervisorSpec {
        DynamicSupervisorSpec::new()
    }
}

impl Deref for AnyDyn {
    type Target = DynamicSupervisorRef<AnyChild>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl AnyDyn {
    pub(crate) async fn start() -> Self {
        suptree::start_link_dynamic_supervisor::<Self>(())
            .await
            .unwrap()
    }

    pub(crate) async fn try_any(&self, spec: ChildSpec) -> Result<(), StartChildError> {
        let spec = ByItself(Arc::new(Mutex::new(Some(spec))));
        self.start_child(spec).await
    }

    /// Starts a child as this specification says.
    pub(crate) async fn start_any(&self, spec: ChildSpec) -> suptree::Pid {
        self.try_any(spec).await.unwrap();
        let children = self.which_children().await.unwrap();
        children.last().and_then(suptree::ChildInfo::pid).unwrap()
    }
}
