//! Wakers that block who wakes them, as those of an executor may: they hold up no supervisor.

use std::pin::Pin;
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::task::{Context as TaskContext, Wake, Waker};
use std::time::Duration;

use suptree::prelude::*;
use suptree::{CallError, ProcessRef, SupervisorRef};
use tokio::sync::Semaphore;

/// Blocks who wakes it, until the sender is dropped.
struct Blocks(Mutex<Option<mpsc::Receiver<()>>>);

impl Wake for Blocks {
    fn wake(self: Arc<Self>) {
        let gate = self.0.lock().unwrap().take();
        if let Some(gate) = gate {
            let _closed = gate.recv();
        }
    }
}

/// Has an executor wait for something, which blocks the thread of who wakes it.
fn awaited<F: Future + Unpin>(what: &mut F) -> mpsc::Sender<()> {
    let (open, gate) = mpsc::channel();
    let waker = Waker::from(Arc::new(Blocks(Mutex::new(Some(gate)))));
    assert!(
        Pin::new(what)
            .poll(&mut TaskContext::from_waker(&waker))
            .is_pending()
    );
    open
}

/// A server that holds something, which is dropped by its own task.
struct Holds(#[expect(dead_code, reason = "it is there to be dropped")] String);

#[genserver]
impl Holds {
    #[init]
    fn init() -> Self {
        Self("something".to_owned())
    }

    #[call]
    fn crash(&self) {
        panic!("crash");
    }
}

/// A server that holds nothing: whoever ends it could bury it.
#[derive(Default)]
struct Bare;

#[genserver]
impl Bare {
    #[call]
    fn crash(&self) {
        panic!("crash");
    }
}

supervisor! { OfHolds { strategy: one_for_one, children: [Holds as child] } }
supervisor! { OfBare { strategy: one_for_one, children: [Bare as child] } }

/// An executor that waits for the end of a child, and blocks who wakes it: the supervisor hears of that end, answers, and ends.
async fn is_not_held_up<C>(sup: SupervisorRef, child: ProcessRef, crash: Option<C>)
where
    C: Future<Output = Result<(), CallError>> + Send + 'static,
{
    let first = child.pid();
    let (mut end, mut last) = (child.monitor(), sup.monitor());
    // Before those of the test itself.
    let open = (awaited(&mut end), awaited(&mut last));
    let death = child.monitor();
    let asks = sup.clone();
    let answers = async move {
        let crashes = crash.is_some();
        match crash {
            Some(crash) => drop(crash.await.unwrap_err()),
            None => asks.terminate_child("child").await.unwrap(),
        }
        death.await;
        let active = asks.count_children().await.unwrap().active;
        assert_eq!(active, usize::from(crashes));
        assert_ne!(child.pid(), first);
        asks.stop().await.unwrap();
    };
    let answered = tokio::time::timeout(Duration::from_secs(30), tokio::spawn(answers)).await;
    drop(open);
    answered.expect("the supervisor is held up").unwrap();
    sup.monitor().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r240_a_waker_that_blocks_holds_no_supervisor() {
    for crashes in [true, false] {
        let sup = OfHolds::start_link().await.unwrap();
        let child = sup.child().clone();
        let crash = crashes.then(|| child.crash().owned().into_future());
        is_not_held_up(sup.supervisor().clone(), child.process(), crash).await;
        let sup = OfBare::start_link().await.unwrap();
        let child = sup.child().clone();
        let crash = crashes.then(|| child.crash().owned().into_future());
        is_not_held_up(sup.supervisor().clone(), child.process(), crash).await;
    }
}

/// It starts when it may, each time.
struct Admitted;

#[genserver(name = "admitted")]
impl Admitted {
    #[init]
    async fn init(gate: Arc<Semaphore>) -> Self {
        gate.acquire().await.unwrap().forget();
        Self
    }

    #[call]
    fn answer(&self) {}
}

supervisor! { Admits(gate: Arc<Semaphore>) { strategy: one_for_one, children: [Admitted(gate)] } }

/// What an executor waits for that a supervisor brings about: neither is held up by a waker that blocks.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r260_a_waker_that_blocks_holds_no_restart() {
    type Waits = Pin<Box<dyn Future<Output = ()> + Send>>;
    let waits: [fn(&Admits) -> Waits; 3] = [
        |sup| {
            let ready = sup.ready();
            Box::pin(async { ready.await.unwrap() })
        },
        |sup| {
            let mut watch = sup.watch_readiness();
            Box::pin(async move { while !watch.changed().await.unwrap() {} })
        },
        |_| Box::pin(async { Admitted::named().answer().await_restart().await.unwrap() }),
    ];
    for wait in waits {
        let gate = Arc::new(Semaphore::new(1));
        let sup = Admits::start_link(Arc::clone(&gate)).await.unwrap();
        let death = sup.admitted().monitor();
        sup.admitted().kill();
        death.await;
        let mut waiting = wait(&sup);
        let open = awaited(&mut waiting);
        gate.add_permits(1);
        let asks = sup.clone();
        let answers = async move {
            asks.ready().await.unwrap();
            asks.count_children().await.unwrap();
            asks.stop().await.unwrap();
        };
        let answered = tokio::time::timeout(Duration::from_secs(30), tokio::spawn(answers)).await;
        drop(open);
        answered.expect("the supervisor is held up").unwrap();
    }
}

/// A task that waits for its end by a waker that blocks, too.
async fn waits_twice(gate: Arc<Mutex<Option<mpsc::Sender<()>>>>) {
    let mut first = Box::pin(suptree::stopping());
    *gate.lock().unwrap() = Some(awaited(&mut first));
    suptree::stopping().await;
}

type Opens = Arc<Mutex<Option<mpsc::Sender<()>>>>;
supervisor! { Told(gate: Opens) { strategy: one_for_one, children: [task told: waits_twice(gate)] } }

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r260_a_waker_that_blocks_holds_no_supervisor_that_tells_a_task() {
    let gate = Opens::default();
    let sup = Told::start_link(Arc::clone(&gate)).await.unwrap();
    while gate.lock().unwrap().is_none() {
        tokio::task::yield_now().await;
    }
    let asks = sup.clone();
    let answers = async move {
        asks.terminate_child("told").await.unwrap();
        asks.stop().await.unwrap();
    };
    let answered = tokio::time::timeout(Duration::from_secs(30), tokio::spawn(answers)).await;
    drop(gate.lock().unwrap().take());
    answered.expect("the supervisor is held up").unwrap();
}
