//! Supervision: children that die, start, or ask for their own end while their supervisor stops, or is killed, or restarts them.
//! Whatever comes first, all come to their ends, and each state is dropped once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64 as Count, Ordering};

use shuttle::future::block_on;
use suptree_core::checker::Timers;
use suptree_core::{
    Child, ChildId, ChildSpec, Context, DynamicSupervisor, DynamicSupervisorRef,
    DynamicSupervisorSpec, ExitReason, GenServer, NoMessage, Pid, ServerOptions, ServerRef, exit,
    link, monitor, processes, start, start_link_dynamic_supervisor,
};

use crate::harness::{Faults, client, join, run};

/// What is known about wards outside of them.
#[derive(Default)]
pub(crate) struct Lives {
    pub(crate) started: Count,
    terminated: Count,
    pub(crate) dropped: Count,
    /// How many destructors wait until as many run.
    together: u64,
}

/// A child. `GRACEFUL`: it terminates.
pub(crate) struct Ward<const GRACEFUL: bool>(Arc<Lives>);

/// What a ward does.
pub(crate) enum Does {
    /// Asks for its own end, and waits for it.
    Leaves(Wards),
    LeavesBySup(Wards),
    LinksWith(Pid),
    Crashes,
}

pub(crate) type Wards = DynamicSupervisorRef<Ward<true>>;

impl<const G: bool> Drop for Ward<G> {
    fn drop(&mut self) {
        self.0.dropped.fetch_add(1, Ordering::SeqCst);
        while self.0.dropped.load(Ordering::SeqCst) < self.0.together {
            shuttle::thread::yield_now();
        }
    }
}

impl<const G: bool> suptree_core::OnDemand for Ward<G> {
    type Given = suptree_core::Cloned;
}

impl<const G: bool> GenServer for Ward<G> {
    type Args = Arc<Lives>;
    type Call = NoMessage;
    type Cast = Does;
    type Info = NoMessage;
    type Client = ServerRef<Self>;

    const OPTIONS: ServerOptions = ServerOptions::new().graceful(G);

    async fn init(lives: Arc<Lives>, _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
        lives.started.fetch_add(1, Ordering::SeqCst);
        Ok(Self(lives))
    }

    async fn handle_cast(&mut self, does: Does, cx: &mut Context<Self>) -> Result<(), ExitReason> {
        match does {
            Does::Leaves(sup) => drop(sup.terminate_child(cx.pid()).await),
            Does::LeavesBySup(sup) => drop(sup.stop().await),
            Does::LinksWith(other) => link(other),
            Does::Crashes => std::panic::resume_unwind(Box::new("planned")),
        }
        Ok(())
    }

    async fn terminate(&mut self, _reason: &ExitReason, _cx: &mut Context<Self>) {
        self.0.terminated.fetch_add(1, Ordering::SeqCst);
    }
}

/// A dynamic supervisor of wards.
#[derive(Clone, Debug)]
struct Home<const GRACEFUL: bool>(DynamicSupervisorRef<Ward<GRACEFUL>>);

impl<const G: bool> Child for Home<G> {
    type Args = ();
    type Handle = Self;

    fn vacant() -> Self {
        Self(DynamicSupervisorRef::vacant())
    }

    fn child_spec(handle: &Self, id: impl Into<ChildId>, (): ()) -> ChildSpec {
        handle.as_child(id, ())
    }
}

impl<const G: bool> DynamicSupervisor for Home<G> {
    type Child = Ward<G>;

    fn supervisor(&self) -> &DynamicSupervisorRef<Ward<G>> {
        &self.0
    }

    fn init(&self, (): ()) -> DynamicSupervisorSpec {
        DynamicSupervisorSpec::new().max_restarts(100)
    }
}

fn home<const G: bool>() -> DynamicSupervisorRef<Ward<G>> {
    let started = block_on(async { start_link_dynamic_supervisor::<Home<G>>(()).await });
    started.expect("it starts").0
}

async fn ward<const G: bool>(
    sup: &DynamicSupervisorRef<Ward<G>>,
    lives: &Arc<Lives>,
) -> ServerRef<Ward<G>> {
    sup.start_child(Arc::clone(lives)).await.expect("it starts")
}

/// Nobody is left, and whoever lived is dropped.
pub(crate) fn all_gone(faults: &Faults, lives: &Lives) {
    let left = processes();
    if !left.is_empty() {
        faults.add(format!("left behind: {left:?}"));
    }
    let (started, dropped) = (
        lives.started.load(Ordering::SeqCst),
        lives.dropped.load(Ordering::SeqCst),
    );
    if started != dropped {
        faults.add(format!("{started} were started, and {dropped} dropped"));
    }
}

/// A child dies while its supervisor stops all of them.
pub(crate) fn dies_in_the_stop() {
    run(Timers::Never, |faults| {
        let lives = Arc::<Lives>::default();
        let sup = home::<false>();
        let wards = [(), ()].map(|()| block_on(ward(&sup, &lives)));
        let kills = client(async move { wards[0].kill() });
        let f = faults.clone();
        let stops = client(async move {
            if let Err(error) = sup.stop().await {
                f.add(format!("a stop ended with {error}"));
            }
        });
        join([kills, stops]);
        all_gone(faults, &lives);
    });
}

/// The children end by themselves, all together: no destructor runs in the supervisor, before the next child is told.
pub(crate) fn dropped_by_themselves() {
    run(Timers::Never, |faults| {
        let lives = Arc::new(Lives {
            together: 2,
            ..Lives::default()
        });
        let sup = home::<false>();
        for () in [(), ()] {
            block_on(ward(&sup, &lives));
        }
        block_on(async { sup.stop().await.expect("it stops") });
        all_gone(faults, &lives);
    });
}

/// A child asks for its own end, in its handler, while others end it, or its supervisor.
fn asks_for_its_end(leaves: fn(Wards) -> Does, others: fn(Wards, Pid)) {
    run(Timers::Never, |faults| {
        let lives = Arc::<Lives>::default();
        let sup = home::<true>();
        let ward = block_on(ward(&sup, &lives));
        let end = ward.monitor();
        let pid = end.pid();
        let sup_end = sup.monitor();
        let asked = leaves(sup.clone());
        let asks = client(async move {
            let _maybe_gone = ward.cast(asked).await;
        });
        let asked = sup.clone();
        let ends = client(async move { others(asked, pid) });
        // Told of the end, nobody waits for anything but the supervisor, which is not held up.
        let end = block_on(end);
        if end.reason != ExitReason::Shutdown {
            faults.add(format!("it ended with {}", end.reason));
        }
        join([asks, ends]);
        block_on(async { drop(sup.stop().await) });
        block_on(sup_end);
        if lives.terminated.load(Ordering::SeqCst) != 1 {
            faults.add("it has not terminated once");
        }
        all_gone(faults, &lives);
    });
}

pub(crate) fn leaves_by_itself() {
    asks_for_its_end(Does::Leaves, |_, _| {});
}

pub(crate) fn leaves_when_stopped() {
    asks_for_its_end(Does::Leaves, |sup, _| {
        block_on(async { drop(sup.stop().await) });
    });
}

pub(crate) fn leaves_when_terminated() {
    asks_for_its_end(Does::Leaves, |sup, pid| {
        block_on(async { drop(sup.terminate_child(pid).await) });
    });
}

pub(crate) fn stops_its_supervisor() {
    asks_for_its_end(Does::LeavesBySup, |sup, pid| {
        block_on(async { drop(sup.terminate_child(pid).await) });
    });
}

/// The supervisor is killed while it starts a child again.
pub(crate) fn killed_in_a_restart() {
    run(Timers::Never, |faults| {
        let lives = Arc::<Lives>::default();
        let sup = home::<false>();
        let ward = block_on(ward(&sup, &lives));
        let end = sup.monitor();
        let kills = client(async move { ward.kill() });
        let sup_kills = client(async move { sup.kill() });
        let end = block_on(end);
        if end.reason != ExitReason::Killed {
            faults.add(format!("{end:?}"));
        }
        // Told of its end, nobody finds a child.
        all_gone(faults, &lives);
        join([kills, sup_kills]);
    });
}

/// A child is started while the supervisor stops: it is started and gone, or it was refused.
pub(crate) fn starts_against_the_stop() {
    run(Timers::Never, |faults| {
        let lives = Arc::<Lives>::default();
        let sup = home::<true>();
        let (s, l) = (sup.clone(), Arc::clone(&lives));
        let starts = client(async move { drop(s.start_child(l).await) });
        let end = sup.monitor();
        let stops = client(async move { drop(sup.stop().await) });
        join([starts, stops]);
        block_on(end);
        all_gone(faults, &lives);
    });
}

/// A link ends a server while its caller crashes the other one: the caller does not run its destructor.
pub(crate) fn linked() {
    run(Timers::Never, |_| {
        let lives = Arc::new(Lives {
            together: 2,
            ..Lives::default()
        });
        let single = Arc::<Lives>::default();
        let (a, b) = block_on(async {
            let a = start::<Ward<false>>(single).await.expect("it starts");
            let b = start::<Ward<false>>(Arc::clone(&lives))
                .await
                .expect("it starts");
            (a, b)
        });
        let (pid, end) = (a.pid().expect("it lives"), b.monitor());
        block_on(async { b.cast(Does::LinksWith(pid)).await.expect("it lives") });
        let crashes = client(async move {
            let end = monitor(pid);
            let _maybe_gone = a.cast(Does::Crashes).await;
            exit(pid, ExitReason::Kill);
            end.await;
        });
        // The destructor of the linked one ends after this.
        join([crashes]);
        lives.dropped.fetch_add(1, Ordering::SeqCst);
        block_on(end);
    });
}
