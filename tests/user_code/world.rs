//! Servers and supervisors all of whose values and code are a user's that may panic.

#![allow(dead_code)]

use std::fmt;
use std::ops::Deref;

use suptree::prelude::*;
use suptree::{
    ChildId, ChildSpec, Duplicate, DynamicSupervisor, DynamicSupervisorRef, DynamicSupervisorSpec,
    Name, PartitionSupervisor, PartitionSupervisorRef, PartitionSupervisorSpec, Registry, Strategy,
    Supervisor, SupervisorRef, SupervisorSpec,
};

use crate::fault::{Fault, Op, visit};

/// Does nothing, and must not notice anything.
#[derive(Default)]
pub(crate) struct Beside;

#[genserver(name = "beside")]
impl Beside {
    #[call]
    pub(crate) fn ping(&self) -> u32 {
        7
    }
}

supervisor! { pub(crate) Bystanders { strategy: one_for_one, children: [Beside] } }

/// Does with registries what a process does with its own entries.
pub(crate) struct Registrant(Registry<Fault, Fault>, Registry<Fault, Fault, Duplicate>);

type Registries = (Registry<Fault, Fault>, Registry<Fault, Fault, Duplicate>);

#[genserver]
impl Registrant {
    #[init]
    fn init(registries: Registries) -> Self {
        Self(registries.0, registries.1)
    }

    #[call]
    pub(crate) fn change(&mut self, number: u32) -> usize {
        let key = Fault::new(number);
        if let Err(refused) = self.0.register(Fault::new(number), Fault::new(1)) {
            refused.key.spend();
            refused.value.spend();
        }
        for value in [1, 2] {
            if let Err(refused) = self.1.register(Fault::new(number), Fault::new(value)) {
                refused.key.spend();
                refused.value.spend();
            }
        }
        let updated = self.0.update_value(&key, Clone::clone);
        let matched = self.1.unregister_match(&key, |value| {
            visit(Op::Run);
            *value == Fault::new(2)
        });
        let left = (self.0.unregister(&key), self.1.unregister(&key));
        usize::from(updated.is_some())
            + matched.len()
            + usize::from(left.0.is_some())
            + left.1.len()
    }
}

/// Waits for others, as user code that may panic before and after.
pub(crate) async fn waits() {
    let _local = Fault::new(0);
    visit(Op::Run);
    tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    visit(Op::Run);
}

/// A server that takes its time to come back.
pub(crate) struct Returns;

#[genserver(name = "returns")]
impl Returns {
    #[init]
    async fn init() -> Self {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        Self
    }

    #[call]
    pub(crate) fn answer(&self, value: Fault) -> Fault {
        value
    }

    #[cast]
    pub(crate) fn take(&mut self, _value: Fault) {}
}

supervisor! {
    pub(crate) Returning {
        strategy: one_for_one,
        max_restarts: 1_000,
        children: [Returns { backoff: 5ms..5ms }],
    }
}

/// A server with room for one message, which takes its time.
#[derive(Default)]
pub(crate) struct Narrow;

#[genserver(mailbox = 1)]
impl Narrow {
    #[cast]
    pub(crate) async fn work(&mut self, _value: Fault) {
        waits().await;
    }

    #[call]
    pub(crate) async fn answer(&mut self, value: Fault) -> Fault {
        waits().await;
        value
    }
}

macro_rules! servers {
    ($($server:ident, $client:ident, $app:ident, $outer:ident, $many:ident, $house:ident: $inline:ident;)*) => {$(
        pub(crate) struct $server {
            state: Fault,
            kept: Vec<ReplyTo<Fault>>,
        }

        impl fmt::Debug for $server {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.state.fmt(f)
            }
        }

        #[genserver(name = key, last_message, trap_exit, inline = $inline)]
        impl $server {
            #[init]
            async fn init(key: Fault) -> Result<Self, Fault> {
                waits().await;
                Ok(Self { state: key, kept: Vec::new() })
            }

            #[call]
            pub(crate) fn ping(&self) -> u32 {
                7
            }

            #[call]
            pub(crate) fn swap(&mut self, value: Fault) -> Fault {
                visit(Op::Run);
                std::mem::replace(&mut self.state, value)
            }

            #[call]
            pub(crate) async fn later(&mut self, value: Fault) -> Fault {
                waits().await;
                value
            }

            #[call]
            pub(crate) fn keep(&mut self, reply: ReplyTo<Fault>) {
                self.kept.push(reply);
            }

            /// Its caller is watched by another executor.
            #[call]
            pub(crate) fn lend(&mut self, reply: ReplyTo<Fault>) {
                tokio::spawn(async move {
                    let mut reply = reply;
                    crate::cases::foreign(reply.closed()).await;
                });
            }

            #[cast]
            pub(crate) fn answer_kept(&mut self) {
                for reply in self.kept.drain(..) {
                    reply.send(Fault::new(1));
                }
            }

            #[cast]
            pub(crate) fn take(&mut self, _value: Fault) {
                visit(Op::Run);
            }

            #[cast]
            pub(crate) async fn take_later(&mut self, _value: Fault) {
                waits().await;
            }

            #[cast]
            pub(crate) fn fail(&mut self, error: Fault) -> Result<(), Fault> {
                Err(error)
            }

            #[call]
            pub(crate) fn end(&mut self, error: Fault, cx: &mut Context<Self>) -> Fault {
                cx.stop(error.into());
                Fault::new(1)
            }

            #[info]
            pub(crate) fn note(&mut self, _value: Fault) {
                visit(Op::Run);
            }

            #[cast]
            pub(crate) fn begin(&mut self, value: Fault, cx: &mut Context<Self>) {
                cx.then().go_on(value.clone());
                cx.then().go_on_later(value.clone());
                cx.then().go_on(value);
            }

            #[handle_continue]
            pub(crate) fn go_on(&mut self, _value: Fault) {
                visit(Op::Run);
            }

            #[handle_continue]
            pub(crate) async fn go_on_later(&mut self, _value: Fault) {
                waits().await;
            }

            #[exit]
            pub(crate) async fn ended(&mut self, _from: Pid, _reason: ExitReason) {
                waits().await;
            }

            #[terminate]
            async fn bye(&mut self, reason: &ExitReason) {
                let _shown = reason.to_string();
                waits().await;
            }
        }

        supervisor! {
            pub(crate) $app(key: Fault) {
                strategy: one_for_one, max_restarts: 1000,
                children: [$server(key) as server, $server(Fault::new(2)) as other],
            }
        }

        supervisor! {
            pub(crate) $outer(key: Fault) { strategy: one_for_one, max_restarts: 1000, children: [$app(key) as app] }
        }

        supervisor! { pub(crate) $many { dynamic: $server, max_restarts: 1000, max_children: 2 } }

        supervisor! {
            pub(crate) $house(key: Fault) {
                dynamic: $server | $app, max_restarts: 1000, max_children: 2, extra_arguments: [key],
            }
        }
    )*};
}

servers! {
    Placed, PlacedClient, PlacedApp, PlacedOuter, PlacedMany, PlacedHouse: always;
    Queued, QueuedClient, QueuedApp, QueuedOuter, QueuedMany, QueuedHouse: never;
}

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
