//! Tasks: one that is told to stop comes to its own end, is killed, or looks for the first time, all at once. It hears of it, and is
//! dropped once.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use shuttle::future::block_on;
use suptree_core::checker::Timers;
use suptree_core::{
    Child, ChildId, ChildSpec, ExitReason, Restart, Shutdown, Strategy, Supervisor, SupervisorRef,
    SupervisorSpec, TaskRef, start_link_supervisor, stopping,
};

use crate::desk::Gate;
use crate::harness::{client, join, run};
use crate::supervision::{Lives, all_gone};

#[derive(Clone)]
struct Args {
    restart: Restart,
    work: Arc<dyn Fn() -> ChildWork + Send + Sync>,
}

type ChildWork = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

/// A supervisor of one task, which gets as long as it likes.
#[derive(Clone, Debug)]
struct Office {
    supervisor: SupervisorRef,
    task: TaskRef,
}

impl Child for Office {
    type Args = Args;
    type Handle = Self;

    fn vacant() -> Self {
        Self {
            supervisor: SupervisorRef::vacant(),
            task: TaskRef::vacant(),
        }
    }

    fn child_spec(handle: &Self, id: impl Into<ChildId>, args: Args) -> ChildSpec {
        handle.as_child(id, args)
    }
}

impl Supervisor for Office {
    fn supervisor(&self) -> &SupervisorRef {
        &self.supervisor
    }

    fn init(&self, args: Args) -> SupervisorSpec {
        let child = self.task.child_spec("task", move || (args.work)());
        let child = child.restart(args.restart).shutdown(Shutdown::Infinity);
        let spec = SupervisorSpec::new(Strategy::OneForAll).max_restarts(1_000);
        spec.child(child)
    }
}

/// Counts itself.
struct Held(Arc<Lives>);

impl Held {
    fn new(lives: &Arc<Lives>) -> Self {
        lives.started.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(lives))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.dropped.fetch_add(1, Ordering::SeqCst);
    }
}

fn office<W: Future<Output = ()> + Send + 'static>(
    restart: Restart,
    lives: &Arc<Lives>,
    work: impl Fn() -> W + Send + Sync + 'static,
) -> Office {
    let lives = Arc::clone(lives);
    let work = move || -> ChildWork {
        let (held, work) = (Held::new(&lives), work());
        Box::pin(async move {
            let _held = held;
            work.await;
        })
    };
    let args = Args {
        restart,
        work: Arc::new(work),
    };
    block_on(async { start_link_supervisor::<Office>(args).await }).expect("it starts")
}

/// A task is told to stop while it asks for that, looks, and waits: it goes on when it is told.
pub(crate) fn told() {
    run(Timers::Never, |faults| {
        let lives = Arc::<Lives>::default();
        let office = office(Restart::Permanent, &lives, || async { stopping().await });
        let end = office.task.monitor();
        let stops = client(async move { office.supervisor.stop().await.expect("it stops") });
        let end = block_on(end);
        if end.reason != ExitReason::Shutdown {
            faults.add(format!("{end:?}"));
        }
        join([stops]);
        all_gone(faults, &lives);
    });
}

/// Two wait for the word, one of them outside of the task.
pub(crate) fn told_twice() {
    run(Timers::Never, |faults| {
        let lives = Arc::<Lives>::default();
        let (gate, ready) = (Gate::default(), Gate::default());
        let (g, r) = (gate.clone(), ready.clone());
        let office = office(Restart::Temporary, &lives, move || {
            let (gate, ready) = (g.clone(), r.clone());
            async move {
                let (own, other) = (stopping(), stopping());
                let waits = client(async move {
                    other.await;
                    gate.open();
                });
                ready.open();
                own.await;
                join([waits]);
            }
        });
        block_on(ready.passed());
        let stops = client(async move { office.supervisor.stop().await.expect("it stops") });
        block_on(gate.passed());
        join([stops]);
        all_gone(faults, &lives);
    });
}

/// A task comes to its own end, or is told to, or is killed, whatever is first. Its next incarnations wait until they are told.
fn ends(restart: Restart, kills: bool) {
    run(Timers::Never, |faults| {
        let lives = Arc::<Lives>::default();
        let gate = Gate::default();
        let (waits, counted) = (gate.clone(), Arc::clone(&lives));
        let office = office(restart, &lives, move || {
            let (gate, first) = (waits.clone(), counted.started.load(Ordering::SeqCst) == 1);
            async move {
                let told = stopping();
                gate.passed().await;
                if kills || !first {
                    told.await;
                }
            }
        });
        let task = office.task.bound().expect("it lives");
        let end = task.monitor();
        let opens = client(async move { gate.open() });
        let killer = client(async move {
            if kills {
                task.kill();
            }
        });
        let stops = client(async move { office.supervisor.stop().await.expect("it stops") });
        let end = block_on(end);
        let right = match end.reason {
            ExitReason::Normal => !kills,
            ExitReason::Shutdown => true,
            ExitReason::Killed => kills,
            _ => false,
        };
        if !right {
            faults.add(format!("{end:?}"));
        }
        join([opens, killer, stops]);
        all_gone(faults, &lives);
    });
}

pub(crate) fn ends_as_it_is_told() {
    ends(Restart::Temporary, false);
}

/// It is started again, and that one is told, or the stop is there before.
pub(crate) fn restarted_until_it_is_told() {
    ends(Restart::Permanent, false);
}

pub(crate) fn killed_as_it_is_told() {
    ends(Restart::Temporary, true);
}

/// A task that has not asked is dropped at its `.await`, while what it waits for happens.
pub(crate) fn dropped_as_it_is_woken() {
    run(Timers::Never, |faults| {
        let lives = Arc::<Lives>::default();
        let gate = Gate::default();
        let waits = gate.clone();
        let office = office(Restart::Transient, &lives, move || {
            let gate = waits.clone();
            async move { gate.passed().await }
        });
        let task = office.task.bound().expect("it lives");
        let opens = client(async move { gate.open() });
        let kills = client(async move { task.kill() });
        join([opens, kills]);
        block_on(async { office.supervisor.stop().await.expect("it stops") });
        all_gone(faults, &lives);
    });
}

/// A task that waits for what never happens is killed as it begins.
pub(crate) fn killed_as_it_begins() {
    run(Timers::Never, |faults| {
        let lives = Arc::<Lives>::default();
        let office = office(Restart::Temporary, &lives, std::future::pending);
        let (task, end) = (office.task.clone(), office.task.monitor());
        let kills = client(async move { task.kill() });
        let end = block_on(end);
        if end.reason != ExitReason::Killed {
            faults.add(format!("{end:?}"));
        }
        join([kills]);
        block_on(async { office.supervisor.stop().await.expect("it stops") });
        all_gone(faults, &lives);
    });
}
