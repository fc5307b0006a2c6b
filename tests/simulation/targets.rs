//! Targets: references to servers of every kind.

use std::sync::Arc;

use suptree::{Child, ChildId, ChildSpec, Pid, ServerRef};

use crate::worker::{WorkArgs, Worker};

/// A reference to a server of one of the kinds. Its clones share the reply slot.
#[derive(Clone)]
pub(crate) enum Target {
    K0(Arc<ServerRef<Worker<0>>>),
    K1(Arc<ServerRef<Worker<1>>>),
    K2(Arc<ServerRef<Worker<2>>>),
    K3(Arc<ServerRef<Worker<3>>>),
    K4(Arc<ServerRef<Worker<4>>>),
    K5(Arc<ServerRef<Worker<5>>>),
}

/// Runs an expression with the typed reference of a [`Target`].
macro_rules! with_target {
    ($target:expr, $server:ident => $run:expr) => {
        match $target {
            $crate::targets::Target::K0($server) => $run,
            $crate::targets::Target::K1($server) => $run,
            $crate::targets::Target::K2($server) => $run,
            $crate::targets::Target::K3($server) => $run,
            $crate::targets::Target::K4($server) => $run,
            $crate::targets::Target::K5($server) => $run,
        }
    };
}
pub(crate) use with_target;

/// Runs an expression with the kind `0..6` as a constant.
macro_rules! with_kind {
    ($kind:expr, $name:ident => $run:expr) => {
        match $kind {
            0 => {
                const $name: u8 = 0;
                $run
            }
            1 => {
                const $name: u8 = 1;
                $run
            }
            2 => {
                const $name: u8 = 2;
                $run
            }
            3 => {
                const $name: u8 = 3;
                $run
            }
            4 => {
                const $name: u8 = 4;
                $run
            }
            _ => {
                const $name: u8 = 5;
                $run
            }
        }
    };
}
pub(crate) use with_kind;

impl Target {
    pub(crate) fn named(kind: u64, name: u32) -> Self {
        with_kind!(kind, K => ServerRef::<Worker<K>>::named(crate::lives::name(name)).into())
    }

    pub(crate) fn pid(&self) -> Option<Pid> {
        with_target!(self, server => server.pid())
    }

    /// The same server by a reference with a slot of its own.
    pub(crate) fn unshared(&self) -> Self {
        with_target!(self, server => ServerRef::clone(server).into())
    }
}

macro_rules! from_server_ref {
    ($($kind:literal $variant:ident),*) => {$(
        impl From<ServerRef<Worker<$kind>>> for Target {
            fn from(server: ServerRef<Worker<$kind>>) -> Self {
                Self::$variant(Arc::new(server))
            }
        }
    )*};
}
from_server_ref!(0 K0, 1 K1, 2 K2, 3 K3, 4 K4, 5 K5);

/// Handles to one child of each kind.
#[derive(Clone, Debug)]
pub(crate) struct Kids {
    k0: ServerRef<Worker<0>>,
    k1: ServerRef<Worker<1>>,
    k2: ServerRef<Worker<2>>,
    k3: ServerRef<Worker<3>>,
    k4: ServerRef<Worker<4>>,
    k5: ServerRef<Worker<5>>,
}

impl Kids {
    pub(crate) fn vacant() -> Self {
        Self {
            k0: <Worker<0> as Child>::vacant(),
            k1: <Worker<1> as Child>::vacant(),
            k2: <Worker<2> as Child>::vacant(),
            k3: <Worker<3> as Child>::vacant(),
            k4: <Worker<4> as Child>::vacant(),
            k5: <Worker<5> as Child>::vacant(),
        }
    }

    /// The specification of the child of a kind, at its place.
    pub(crate) fn spec(&self, kind: u64, id: impl Into<ChildId>, args: WorkArgs) -> ChildSpec {
        match kind {
            0 => Worker::<0>::child_spec(&self.k0, id, args),
            1 => Worker::<1>::child_spec(&self.k1, id, args),
            2 => Worker::<2>::child_spec(&self.k2, id, args),
            3 => Worker::<3>::child_spec(&self.k3, id, args),
            4 => Worker::<4>::child_spec(&self.k4, id, args),
            _ => Worker::<5>::child_spec(&self.k5, id, args),
        }
    }

    pub(crate) fn targets(&self) -> [Target; 6] {
        [
            self.k0.clone().into(),
            self.k1.clone().into(),
            self.k2.clone().into(),
            self.k3.clone().into(),
            self.k4.clone().into(),
            self.k5.clone().into(),
        ]
    }
}
