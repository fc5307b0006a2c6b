//! Wakers that block who wakes them, as those of an executor may: they hold up no supervisor.

use std::pin::Pin;
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::task::{Context as TaskContext, Wake, Waker};
use std::time::Duration;

use suptree::prelude::*;
use suptree::{CallError, ProcessRef, Status, SupervisorRef};
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

/// A server that does not answer; two wait in its mailbox.
#[derive(Default)]
struct Mute;

#[genserver(mailbox = 1)]
impl Mute {
    #[call]
    async fn ask(&self) {
        std::future::pending::<()>().await;
    }

    #[cast]
    fn tell(&self) {}
}

supervisor! { OfMute { strategy: one_for_one, children: [Mute as child] } }

type Asks = Pin<Box<dyn Future<Output = ()> + Send>>;

async fn in_time<F: Future<Output = ()> + Send + 'static>(open: mpsc::Sender<()>, what: F) {
    let done = tokio::time::timeout(Duration::from_secs(30), tokio::spawn(what)).await;
    drop(open);
    done.expect("it is held up").unwrap();
}

/// What a supervisor answers an executor: it goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r280_a_waker_that_blocks_holds_no_supervisor_that_answers() {
    let all: [fn(SupervisorRef) -> Asks; 7] = [
        |sup| Box::pin(async move { drop(sup.which_children().await) }),
        |sup| Box::pin(async move { drop(sup.count_children().await) }),
        |sup| Box::pin(async move { drop(sup.get_childspec("admitted").await) }),
        |sup| Box::pin(async move { drop(sup.terminate_child("admitted").await) }),
        |sup| Box::pin(async move { drop(sup.restart_child("admitted").await) }),
        |sup| Box::pin(async move { drop(sup.delete_child("admitted").await) }),
        |sup| Box::pin(async move { drop(sup.start_child(Bare::child_spec()).await) }),
    ];
    for ask in all {
        let (sup, gate) = restarting().await;
        let open = awaited(&mut ask(sup.supervisor().clone()));
        gate.add_permits(9);
        in_time(open, async move {
            sup.count_children().await.unwrap();
            sup.stop().await.unwrap();
        })
        .await;
    }
}

/// A supervisor that answers nobody, because it waits for the child that it restarts, which the gate lets in.
async fn restarting() -> (Admits, Arc<Semaphore>) {
    let gate = Arc::new(Semaphore::new(1));
    let sup = Admits::start_link(Arc::clone(&gate)).await.unwrap();
    let death = sup.admitted().monitor();
    sup.admitted().kill();
    death.await;
    (sup, gate)
}

/// Whom a supervisor has not answered when it ends.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r280_a_waker_that_blocks_holds_no_supervisor_that_ends() {
    let (sup, _gate) = restarting().await;
    let asks = sup.clone();
    let mut asked: Asks = Box::pin(async move { drop(asks.count_children().await) });
    let open = awaited(&mut asked);
    let death = sup.monitor();
    sup.kill();
    in_time(open, async { drop(death.await) }).await;
}

/// Begins a call, and waits until its handler does.
async fn is_handled(server: &MuteClient, call: &mut Asks) {
    assert!(crate::support::poll_once(call).is_pending());
    while server.info().unwrap().status != Status::Waiting {
        tokio::task::yield_now().await;
    }
}

/// Who waits for a child's answer, or for room in its mailbox, when it dies.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r280_a_waker_that_blocks_holds_no_supervisor_of_a_server_that_dies() {
    for (waits, kills) in [
        (0, true),
        (1, true),
        (2, true),
        (0, false),
        (1, false),
        (2, false),
    ] {
        let sup = OfMute::start_link().await.unwrap();
        let child = sup.child().clone();
        let ask = || {
            let call = child.ask().no_timeout().owned();
            Box::pin(async { drop(call.await) }) as Asks
        };
        let tell = child.tell().no_timeout().owned();
        let tell = Box::pin(async { drop(tell.await) }) as Asks;
        // The first one's handler waits, the second is in the mailbox, the third waits for room.
        let mut before = Vec::new();
        let open = match waits {
            0 => {
                let mut first = ask();
                let open = awaited(&mut first);
                before.push(first);
                open
            }
            1 => {
                before.push(ask());
                is_handled(&child, &mut before[0]).await;
                let mut second = ask();
                while child.info().unwrap().mailbox_len == 0 {
                    assert!(crate::support::poll_once(&mut second).is_pending());
                    tokio::task::yield_now().await;
                }
                let open = awaited(&mut second);
                before.push(second);
                open
            }
            _ => {
                before.push(ask());
                is_handled(&child, &mut before[0]).await;
                while child.info().unwrap().mailbox_len == 0 {
                    let _full = child.tell().try_send();
                    tokio::task::yield_now().await;
                }
                let mut third = tell;
                let open = awaited(&mut third);
                before.push(third);
                open
            }
        };
        let first = child.pid();
        in_time(open, async move {
            if kills {
                let death = child.monitor();
                child.kill();
                death.await;
                sup.ready().await.unwrap();
                assert_ne!(child.pid(), first);
            } else {
                sup.supervisor().terminate_child("child").await.unwrap();
            }
            sup.stop().await.unwrap();
        })
        .await;
        drop(before);
    }
}

/// A server that gives its reply handles away.
struct Gives(mpsc::Sender<ReplyTo<()>>);

#[genserver]
impl Gives {
    #[init]
    fn init(to: mpsc::Sender<ReplyTo<()>>) -> Self {
        Self(to)
    }

    #[call]
    fn give(&self, reply: ReplyTo<()>) {
        self.0.send(reply).unwrap();
    }
}

/// It asks, and waits for the answer.
struct Asker;

#[genserver]
impl Asker {
    #[init]
    fn init() -> Self {
        Self
    }

    #[cast]
    async fn ask(&self, whom: GivesClient) {
        drop(whom.give().no_timeout().await);
    }
}

supervisor! { OfAsker { strategy: one_for_one, children: [Asker as child] } }

/// Who waits until a child that asks has gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r280_a_waker_that_blocks_holds_no_supervisor_of_a_caller_that_dies() {
    let (give, given) = mpsc::channel();
    let whom = Gives::start(give).await.unwrap();
    let sup = OfAsker::start_link().await.unwrap();
    sup.child().ask(whom.clone()).await.unwrap();
    let mut reply = given.recv().unwrap();
    let mut closed = Box::pin(reply.closed());
    let open = awaited(&mut closed);
    let first = sup.child().pid();
    in_time(open, async move {
        let death = sup.child().monitor();
        sup.child().kill();
        death.await;
        sup.ready().await.unwrap();
        assert_ne!(sup.child().pid(), first);
        sup.stop().await.unwrap();
    })
    .await;
}

/// Executors that wait for the same thing.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r280_a_waker_that_blocks_holds_no_other_executor() {
    let server = Bare::start().await.unwrap();
    let (mut end, other) = (server.monitor(), server.monitor());
    let open = awaited(&mut end);
    let (tell, told) = tokio::sync::oneshot::channel();
    let (begin, begun) = mpsc::channel();
    std::thread::spawn(move || {
        let mut other = other;
        assert!(crate::support::poll_once(&mut other).is_pending());
        begin.send(()).unwrap();
        crate::clocks::block_on(other);
        tell.send(()).unwrap();
    });
    begun.recv().unwrap();
    server.kill();
    in_time(open, async { told.await.unwrap() }).await;
}

/// Who keeps the time of several does not wait for the executor of one.
#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn r281_a_waker_that_blocks_holds_no_timeout_of_others() {
    let server = Mute::start().await.unwrap();
    let mut calls = Vec::new();
    let mut open = Vec::new();
    for _ in 0..3 {
        let mut call = server
            .ask()
            .timeout(Duration::from_millis(25))
            .owned()
            .into_future();
        open.push(awaited(&mut call));
        calls.push(call);
    }
    // They are woken after a tick, and hold up whoever wakes them.
    tokio::time::sleep(Duration::from_millis(30)).await;
    let (here, there) = (server.clone(), server.clone());
    let (tell, told) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let call = there.ask().timeout(Duration::from_millis(25)).owned();
        tell.send(crate::clocks::block_on(call.into_future()))
            .unwrap();
    });
    let (all, gate) = mpsc::channel::<()>();
    in_time(all, async move {
        let waited = here.ask().timeout(Duration::from_millis(25)).await;
        assert!(matches!(waited, Err(CallError::Timeout(_))));
        assert!(matches!(told.await.unwrap(), Err(CallError::Timeout(_))));
    })
    .await;
    drop((open, gate));
}

/// There is no other thread: who waits for an end is woken before who has brought it about goes on, and perhaps blocks.
#[test]
fn r282_on_one_worker_who_waits_for_an_end_is_woken_at_once() {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.worker_threads(1).enable_time().build().unwrap();
    let (tell, told) = mpsc::channel();
    runtime.spawn(async move {
        let server = Bare::start().await.unwrap();
        let death = server.monitor();
        let (begin, begun) = mpsc::channel();
        let waits = std::thread::spawn(move || {
            let mut death = death;
            assert!(crate::support::poll_once(&mut death).is_pending());
            begin.send(()).unwrap();
            crate::clocks::block_on(death)
        });
        begun.recv().unwrap();
        server.stop().await.unwrap();
        tell.send(waits.join().unwrap().reason).unwrap();
    });
    let told = told.recv_timeout(Duration::from_secs(30));
    // Its worker may wait for ever.
    runtime.shutdown_background();
    assert_eq!(told.expect("nobody is woken"), ExitReason::Normal);
}
