//! Supervisors and a server that are written without the macros, every method of which is a user's that may panic.

#![allow(dead_code)]

use std::fmt;
use std::ops::Deref;

use suptree::prelude::*;
use suptree::{
    ChildId, ChildSpec, DynamicSupervisor, DynamicSupervisorRef, DynamicSupervisorSpec,
    PartitionSupervisor, PartitionSupervisorRef, PartitionSupervisorSpec, Strategy, SupervisorRef,
    SupervisorSpec,
};

use crate::fault::{Fault, Op, visit};
use crate::world::{Placed, waits};

/// A supervisor by hand, whose every method is user code.
pub(crate) struct ByHand(SupervisorRef, Fault);

impl Clone for ByHand {
    fn clone(&self) -> Self {
        Self(self.0.clone(), self.1.clone())
    }
}

impl fmt::Debug for ByHand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.1.fmt(f)
    }
}

impl Deref for ByHand {
    type Target = SupervisorRef;

    fn deref(&self) -> &SupervisorRef {
        &self.0
    }
}

impl suptree::Child for ByHand {
    type Args = Fault;
    type Handle = Self;

    fn vacant() -> Self {
        visit(Op::Run);
        Self(SupervisorRef::vacant(), Fault::new(3))
    }

    fn child_spec(handle: &Self, id: impl Into<ChildId>, args: Fault) -> ChildSpec {
        visit(Op::Run);
        handle.as_child(id, args)
    }
}

impl Supervisor for ByHand {
    fn name() -> Option<Name> {
        visit(Op::Run);
        Some(Name::new(Fault::new(30)))
    }

    fn supervisor(&self) -> &SupervisorRef {
        visit(Op::Run);
        &self.0
    }

    fn init(&self, args: Fault) -> SupervisorSpec {
        visit(Op::Run);
        let by_closure = ChildSpec::new::<Placed>(Fault::new(4).id(), move || {
            visit(Op::Run);
            args.clone()
        });
        SupervisorSpec::new(Strategy::OneForOne)
            .max_restarts(1000)
            .child(by_closure)
            .child(many())
    }
}

/// A dynamic supervisor by hand, as a child of another.
fn many() -> ChildSpec {
    let handle = <ManyByHand as suptree::Child>::vacant();
    <ManyByHand as suptree::Child>::child_spec(&handle, Fault::new(5).id(), ())
        .with_id(Fault::new(6).id())
}

impl Fault {
    pub(crate) fn id(self) -> ChildId {
        ChildId::new(self)
    }
}

pub(crate) struct ManyByHand(DynamicSupervisorRef<Placed>, Fault);

impl Clone for ManyByHand {
    fn clone(&self) -> Self {
        Self(self.0.clone(), self.1.clone())
    }
}

impl fmt::Debug for ManyByHand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.1.fmt(f)
    }
}

impl suptree::Child for ManyByHand {
    type Args = ();
    type Handle = Self;

    fn vacant() -> Self {
        visit(Op::Run);
        Self(DynamicSupervisorRef::vacant(), Fault::new(3))
    }

    fn child_spec(handle: &Self, id: impl Into<ChildId>, (): ()) -> ChildSpec {
        visit(Op::Run);
        handle.as_child(id, ())
    }
}

impl DynamicSupervisor for ManyByHand {
    type Child = Placed;

    fn name() -> Option<Name> {
        visit(Op::Run);
        Some(Name::new(Fault::new(31)))
    }

    fn supervisor(&self) -> &DynamicSupervisorRef<Placed> {
        visit(Op::Run);
        &self.0
    }

    fn init(&self, (): ()) -> DynamicSupervisorSpec {
        visit(Op::Run);
        DynamicSupervisorSpec::new()
    }
}

impl ByHand {
    /// Drops it without user code.
    pub(crate) fn spend(self) {
        self.1.spend();
    }
}

impl ManyByHand {
    /// Drops it without user code.
    pub(crate) fn spend(self) {
        self.1.spend();
    }
}

/// A partition supervisor by hand, whose every method is user code.
pub(crate) struct PartsByHand(PartitionSupervisorRef<Placed>, Fault);

impl Clone for PartsByHand {
    fn clone(&self) -> Self {
        Self(self.0.clone(), self.1.clone())
    }
}

impl fmt::Debug for PartsByHand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.1.fmt(f)
    }
}

impl suptree::Child for PartsByHand {
    type Args = Fault;
    type Handle = Self;

    fn vacant() -> Self {
        visit(Op::Run);
        Self(PartitionSupervisorRef::vacant(), Fault::new(3))
    }

    fn child_spec(handle: &Self, id: impl Into<ChildId>, args: Fault) -> ChildSpec {
        visit(Op::Run);
        handle.as_child(id, args)
    }
}

impl PartitionSupervisor for PartsByHand {
    type Child = Placed;

    fn name() -> Option<Name> {
        visit(Op::Run);
        Some(Name::new(Fault::new(32)))
    }

    fn supervisor(&self) -> &PartitionSupervisorRef<Placed> {
        visit(Op::Run);
        &self.0
    }

    fn init(&self, args: Fault) -> PartitionSupervisorSpec<Placed> {
        visit(Op::Run);
        let args = move |partition: usize| {
            visit(Op::Run);
            drop(args.clone());
            Fault::new(40 + u32::try_from(partition).expect("few"))
        };
        PartitionSupervisorSpec::new(args)
            .partitions(2)
            .max_restarts(1000)
    }
}

impl PartsByHand {
    /// Drops it without user code.
    pub(crate) fn spend(self) {
        self.1.spend();
    }
}

/// A server by hand, whose every method is user code.
pub(crate) struct Manual(Fault);

pub(crate) struct ManualCall(pub(crate) ReplyTo<Fault>);

/// What becomes an info by code of the user's.
pub(crate) struct Unpacked(pub(crate) Fault);

impl From<Unpacked> for Fault {
    fn from(Unpacked(info): Unpacked) -> Self {
        visit(Op::Run);
        info
    }
}

impl GenServer for Manual {
    type Args = Fault;
    type Call = ManualCall;
    type Cast = Fault;
    type Info = Fault;
    type Client = ServerRef<Self>;

    const OPTIONS: suptree::ServerOptions = suptree::ServerOptions::new().trap_exit(true);

    fn name(args: &Fault) -> Option<Name> {
        visit(Op::Run);
        Some(Name::new(args.clone()))
    }

    async fn init(args: Fault, _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
        waits().await;
        Ok(Self(args))
    }

    fn handle_call(
        &mut self,
        ManualCall(reply): ManualCall,
        cx: &mut Context<Self>,
    ) -> impl Future<Output = Result<(), ExitReason>> {
        visit(Op::Run);
        async move {
            waits().await;
            cx.reply(reply, self.0.clone());
            Ok(())
        }
    }

    async fn handle_cast(&mut self, cast: Fault, cx: &mut Context<Self>) -> Result<(), ExitReason> {
        waits().await;
        cx.monitor("nobody");
        cx.timeout(std::time::Duration::from_millis(10));
        cx.continue_with(cast.clone());
        self.0 = cast;
        Ok(())
    }

    fn handle_continue(
        &mut self,
        _message: Fault,
        _cx: &mut Context<Self>,
    ) -> impl Future<Output = Result<(), ExitReason>> {
        visit(Op::Run);
        async {
            waits().await;
            Ok(())
        }
    }

    fn handle_info(
        &mut self,
        _info: Fault,
        _cx: &mut Context<Self>,
    ) -> impl Future<Output = Result<(), ExitReason>> {
        // A future that is a value of the user's: its destructor is called when it has ended.
        Ends(Fault::new(1))
    }

    async fn handle_exit(
        &mut self,
        _from: Pid,
        _reason: ExitReason,
        _cx: &mut Context<Self>,
    ) -> Result<(), ExitReason> {
        waits().await;
        Ok(())
    }

    fn handle_timeout(
        &mut self,
        cx: &mut Context<Self>,
    ) -> impl Future<Output = Result<(), ExitReason>> {
        visit(Op::Run);
        cx.hibernate();
        async {
            waits().await;
            Ok(())
        }
    }

    fn hibernate(&mut self, _cx: &mut Context<Self>) {
        visit(Op::Run);
    }

    fn handle_down(
        &mut self,
        _down: Down,
        _cx: &mut Context<Self>,
    ) -> impl Future<Output = Result<(), ExitReason>> {
        visit(Op::Run);
        async {
            waits().await;
            Ok(())
        }
    }

    async fn terminate(&mut self, _reason: &ExitReason, _cx: &mut Context<Self>) {
        waits().await;
    }
}

struct Ends(#[allow(dead_code, reason = "dropped with the future")] Fault);

impl Future for Ends {
    type Output = Result<(), ExitReason>;

    fn poll(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Self::Output> {
        visit(Op::Run);
        std::task::Poll::Ready(Ok(()))
    }
}
