//! Who drops what a server held: the server's own task. Never its supervisor, a process that it is linked with, or a thread of
//! another runtime: a destructor may block, and wants its own runtime.

use std::pin::Pin;
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::task::{Context as TaskContext, Wake, Waker};
use std::time::Duration;

use suptree::prelude::*;
use suptree::{ChildSpec, ProcessRef, ServerRef};
use tokio::runtime::{Handle, Id as RuntimeId};
use tokio::sync::Semaphore;
use tokio::task::Id as TaskId;
use tokio::time::Instant;

use crate::support::{Reports, settle};

/// Where something happened: in which task, and on which runtime.
type Place = (Option<TaskId>, Option<RuntimeId>);

fn here() -> Place {
    let runtime = Handle::try_current().ok().map(|handle| handle.id());
    (tokio::task::try_id(), runtime)
}

/// What a destructor does besides noting where it runs.
#[derive(Clone, Default)]
struct Notes {
    places: Arc<Mutex<Vec<(&'static str, Place)>>>,
    /// A destructor waits for this to be closed.
    gate: Arc<Mutex<Option<mpsc::Receiver<()>>>>,
}

impl Notes {
    fn note(&self, what: &'static str) {
        self.places.lock().unwrap().push((what, here()));
    }

    fn places(&self, what: &str) -> Vec<Place> {
        let places = self.places.lock().unwrap();
        let of = places.iter().filter(|(noted, _)| *noted == what);
        of.map(|(_, place)| *place).collect()
    }

    /// From here on, the state's destructor blocks until the sender is dropped.
    fn block(&self) -> mpsc::Sender<()> {
        let (open, gate) = mpsc::channel();
        *self.gate.lock().unwrap() = Some(gate);
        open
    }

    async fn until(&self, what: &str) {
        while self.places(what).is_empty() {
            tokio::task::yield_now().await;
        }
    }
}

/// Notes where it is dropped.
struct Noted(&'static str, Notes);

impl Drop for Noted {
    fn drop(&mut self) {
        self.1.note(self.0);
    }
}

struct Keeper(Notes);

impl Drop for Keeper {
    fn drop(&mut self) {
        self.0.note("state");
        let gate = self.0.gate.lock().unwrap().take();
        if let Some(gate) = gate {
            let _closed = gate.recv();
        }
    }
}

#[genserver(shutdown = 100ms)]
impl Keeper {
    #[init]
    fn init(notes: Notes) -> Self {
        notes.note("init");
        Self(notes)
    }

    #[call]
    fn link_to(&self, pid: Pid) {
        suptree::link(pid);
    }

    #[call]
    fn link_with(&self, other: ProcessRef) {
        other.link();
    }

    #[call]
    fn crash(&self) {
        panic!("crash");
    }

    /// Where its own task is.
    #[cast]
    fn work(&self) {
        self.0.note("task");
    }

    #[cast]
    async fn wait(&self) {
        let _local = Noted("local", self.0.clone());
        self.0.note("waits");
        std::future::pending::<()>().await;
    }

    #[cast]
    fn hold(&self, _value: Noted) {}
}

// A supervisor of one keeper.
supervisor! { One(notes: Notes) { strategy: one_for_one, children: [Keeper(notes)] } }

supervisor! { Keepers { dynamic: Keeper } }

/// Whoever ends it, what an idle server held is dropped by its own task.
#[tokio::test(start_paused = true)]
async fn r85_a_supervisor_drops_nothing_of_a_child() {
    type Ends = fn(&One) -> Pin<Box<dyn Future<Output = ()> + Send>>;
    let ends: [Ends; 4] = [
        |sup| {
            let terminating = sup.terminate_child("keeper");
            Box::pin(async move { terminating.await.unwrap() })
        },
        |sup| {
            let stopping = sup.stop();
            Box::pin(async move { stopping.await.unwrap() })
        },
        |sup| {
            let end = sup.monitor();
            sup.kill();
            Box::pin(async move { drop(end.await) })
        },
        |sup| {
            let end = sup.keeper().monitor();
            sup.keeper().kill();
            Box::pin(async move { drop(end.await) })
        },
    ];
    for (nth, end) in ends.into_iter().enumerate() {
        for waits in [false, true] {
            let notes = Notes::default();
            let sup = One::start_link(notes.clone()).await.unwrap();
            let keeper = sup.keeper();
            keeper.work().await.unwrap();
            notes.until("task").await;
            if waits {
                keeper.wait().await.unwrap();
                notes.until("waits").await;
                let unread = Noted("unread", notes.clone());
                keeper.hold(unread).await.unwrap();
            }
            end(&sup).await;
            settle().await;
            let own = notes.places("task");
            assert_ne!(notes.places("init")[0], own[0], "started by its supervisor");
            let mut dropped = vec!["state"];
            if waits {
                dropped.extend(["local", "unread"]);
            }
            for what in dropped {
                assert_eq!(notes.places(what), own, "{what}, ended by way {nth}");
            }
        }
    }
}

/// A start that is given up drops what `init` holds, elsewhere.
#[tokio::test(start_paused = true)]
async fn r85_a_supervisor_drops_nothing_of_an_init_that_it_gives_up() {
    struct Slow;
    impl GenServer for Slow {
        type Args = Notes;
        type Call = suptree::NoMessage;
        type Cast = suptree::NoMessage;
        type Info = suptree::NoMessage;
        type Client = ServerRef<Self>;

        async fn init(notes: Notes, _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
            notes.note("init");
            let _local = Noted("local", notes.clone());
            std::future::pending::<()>().await;
            Ok(Self)
        }
    }
    supervisor! { Empty { strategy: one_for_one, children: [] } }
    for killed in [false, true] {
        let notes = Notes::default();
        let sup = Empty::start_link().await.unwrap();
        let args = notes.clone();
        let slow = ChildSpec::new::<Slow>("slow", move || args.clone());
        let starting = tokio::spawn(sup.start_child(slow));
        notes.until("init").await;
        let (end, began) = (sup.monitor(), Instant::now());
        if killed {
            sup.kill();
        } else {
            sup.stop().await.unwrap();
        }
        end.await;
        assert!(starting.await.unwrap().is_err());
        assert_eq!(began.elapsed(), Duration::ZERO);
        assert_ne!(notes.places("local"), notes.places("init"));
    }
}

/// A server that a link ends is dropped by its own task, on its own runtime; whoever runs the one that dies.
#[test]
fn r86_a_link_drops_nothing_of_another_server() {
    let runtime = || {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder.worker_threads(1).enable_all().build().unwrap()
    };
    type Dies = fn(tokio::runtime::Runtime, KeeperClient);
    let ways: [Dies; 3] = [
        |runtime, dying| {
            let crashing =
                runtime.spawn(async move { dying.crash().no_timeout().await.unwrap_err() });
            runtime.block_on(crashing).unwrap();
            runtime.shutdown_background();
        },
        |runtime, dying| {
            runtime.block_on(async {
                let end = dying.monitor();
                dying.kill();
                end.await;
            });
            runtime.shutdown_background();
        },
        |runtime, _| drop(runtime),
    ];
    for dies in ways {
        let (notes, other) = (Notes::default(), Notes::default());
        let (a, b) = (runtime(), runtime());
        let dying = a.block_on(async { Keeper::start(other).await.unwrap() });
        let pid = dying.pid().unwrap();
        let linked = b.block_on(async {
            let linked = Keeper::start(notes.clone()).await.unwrap();
            linked.link_to(pid).await.unwrap();
            linked.work().await.unwrap();
            notes.until("task").await;
            linked
        });
        let end = linked.monitor();
        dies(a, dying);
        b.block_on(end);
        let own = notes.places("task");
        assert_eq!(own[0].1, Some(b.handle().id()));
        assert_eq!(notes.places("state"), own);
    }
}

/// The caller of a server that crashes does not wait for the destructor of a linked one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r86_a_caller_waits_for_no_other_servers_destructor() {
    let (own, linked) = (Notes::default(), Notes::default());
    let open = linked.block();
    let a = Keeper::start(own).await.unwrap();
    let b = Keeper::start(linked.clone()).await.unwrap();
    let end = b.monitor();
    a.link_to(b.pid().unwrap()).await.unwrap();
    let told = a.crash().no_timeout().await.unwrap_err();
    assert!(matches!(told, CallError::Exited(_)), "{told}");
    linked.until("state").await;
    // It counts as dead, whatever its destructor does. (Callers are told first, links after them.)
    assert!(!b.is_alive());
    drop(open);
    let killed_by = end.await.reason;
    assert!(matches!(killed_by, ExitReason::Panic(_)), "{killed_by}");
}

/// A server that others have ended is dead for everybody who asks, and its death is told when it is dropped: also to those who
/// link with it, or watch it, in between.
#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn r86_the_death_of_a_server_is_told_when_it_is_dropped() {
    let (own, linked) = (Notes::default(), Notes::default());
    let open = linked.block();
    let a = Keeper::start(own.clone()).await.unwrap();
    let b = Keeper::start(linked.clone()).await.unwrap();
    let late = Keeper::start(own).await.unwrap();
    let pid = b.pid().unwrap();
    a.link_to(pid).await.unwrap();
    a.crash().no_timeout().await.unwrap_err();
    linked.until("state").await;
    assert!(!b.is_alive());
    let info = suptree::process_info(pid).unwrap();
    assert_eq!(info.status, suptree::Status::Exiting);
    let mut down = suptree::monitor(pid);
    let end = late.monitor();
    late.link_to(pid).await.unwrap();
    let told = std::future::poll_fn(|cx| std::task::Poll::Ready(Pin::new(&mut down).poll(cx)));
    assert!(told.await.is_pending());
    assert!(late.is_alive());
    drop(open);
    let reason = down.await.reason;
    assert!(matches!(reason, ExitReason::Panic(_)), "{reason}");
    assert_eq!(end.await.reason, reason);
    assert!(suptree::process_info(pid).is_none());
    assert_eq!(suptree::monitor(pid).await.reason, ExitReason::NoProc);
}

/// Those who wait for its end by a reference wait likewise, though the reference says that it is dead: to it, or to its place.
#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn r86_who_waits_by_a_reference_waits_for_what_the_dead_has_left() {
    let notes = Notes::default();
    let open = notes.block();
    let app = One::start_link(notes.clone()).await.unwrap();
    let (place, itself) = (app.keeper(), app.keeper().bound().unwrap());
    let pid = place.pid().unwrap();
    let others = [
        Keeper::start(Notes::default()).await.unwrap(),
        Keeper::start(Notes::default()).await.unwrap(),
    ];
    place.kill();
    notes.until("state").await;
    assert!(!place.is_alive() && !itself.is_alive());
    assert_eq!(suptree::process_info(pid).unwrap().restarts, 0);

    let ends = others.each_ref().map(|other| other.monitor());
    others[0].link_with(place.process()).await.unwrap();
    others[1].link_with(itself.process()).await.unwrap();
    let mut downs = [
        place.monitor(),
        itself.monitor(),
        itself.process().monitor(),
    ];
    let stop = || ExitReason::Killed;
    let mut stops = [
        Box::pin(place.stop_with(stop())) as Pin<Box<dyn Future<Output = _> + Send>>,
        Box::pin(itself.stop_with(stop())),
        Box::pin(place.process().stop_with(stop())),
    ];
    let none_is_ready = std::future::poll_fn(|cx| {
        let no_down = downs
            .iter_mut()
            .all(|down| Pin::new(down).poll(cx).is_pending());
        let no_stop = stops
            .iter_mut()
            .all(|stop| stop.as_mut().poll(cx).is_pending());
        std::task::Poll::Ready(no_down && no_stop)
    });
    assert!(none_is_ready.await);
    assert!(others.iter().all(|other| other.is_alive()));
    drop(open);
    for down in downs {
        let down = down.await;
        assert_eq!((down.pid, down.reason), (pid, ExitReason::Killed));
    }
    for stop in stops {
        assert_eq!(stop.await, Ok(()));
    }
    for end in ends {
        assert_eq!(end.await.reason, ExitReason::Killed);
    }
    assert!(suptree::process_info(pid).is_none());
    // What is in the place after it is another one.
    app.which_children().await.unwrap();
    assert_eq!(itself.monitor().await.reason, ExitReason::NoProc);
    assert_eq!(itself.stop().await, Err(StopError::NoProc));
    assert!(place.is_alive());
    app.stop().await.unwrap();
}

/// What a start that failed has left is dropped before the next attempt.
#[tokio::test(start_paused = true)]
async fn r85_a_child_starts_when_nothing_of_the_attempt_before_is_left() {
    struct Retried;
    #[genserver(name = "retried")]
    impl Retried {
        #[init]
        fn init(notes: Notes) -> Result<Self, ExitReason> {
            notes.note("init");
            if notes.places("init").len() == 2 {
                let mail = Noted("mail", notes);
                Self::named().hold(mail).try_send().unwrap();
                return Err(ExitReason::Shutdown);
            }
            Ok(Self)
        }

        #[cast]
        fn hold(&self, _value: Noted) {}
    }
    supervisor! { Retries(notes: Notes) { strategy: one_for_one, children: [Retried(notes)] } }
    let notes = Notes::default();
    let sup = Retries::start_link(notes.clone()).await.unwrap();
    sup.retried().kill();
    while notes.places("init").len() < 3 {
        tokio::task::yield_now().await;
    }
    let order: Vec<_> = notes.places.lock().unwrap().iter().map(|it| it.0).collect();
    assert_eq!(order, ["init", "init", "mail", "init"]);
    sup.stop().await.unwrap();
}

/// A destructor that blocks is let go with its server, after the shutdown time and the grace; its supervisor answers, and ends.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r85_sup_87_a_destructor_that_blocks_holds_nobody() {
    let notes = Notes::default();
    let open = notes.block();
    let sup = One::start_link(notes.clone()).await.unwrap();
    let (keeper, end) = (sup.keeper(), sup.keeper().monitor());
    let terminating = tokio::spawn(sup.terminate_child("keeper"));
    notes.until("state").await;
    assert!(!keeper.is_alive());
    terminating.await.unwrap().unwrap();
    // Announced though its destructor still runs.
    assert_eq!(end.await.reason, ExitReason::Shutdown);
    assert_eq!(sup.count_children().await.unwrap().active, 0);
    sup.stop().await.unwrap();
    drop(open);
}

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

/// An executor that waits for the end of a child, and blocks who wakes it: the supervisor hears of that end, answers, and ends.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r240_a_waker_that_blocks_holds_no_supervisor() {
    for crashes in [true, false] {
        let sup = One::start_link(Notes::default()).await.unwrap();
        let keeper = sup.keeper().clone();
        let first = keeper.pid();
        let (mut end, mut last) = (keeper.monitor(), sup.monitor());
        // Before those of the test itself.
        let open = (awaited(&mut end), awaited(&mut last));
        let death = keeper.monitor();
        let asks = sup.clone();
        let answers = async move {
            if crashes {
                keeper.crash().await.unwrap_err();
            } else {
                asks.terminate_child("keeper").await.unwrap();
            }
            death.await;
            let active = asks.count_children().await.unwrap().active;
            assert_eq!(active, usize::from(crashes));
            assert_ne!(keeper.pid(), first);
            asks.stop().await.unwrap();
        };
        let answered = tokio::time::timeout(Duration::from_secs(30), tokio::spawn(answers)).await;
        drop(open);
        answered.expect("the supervisor is held up").unwrap();
        sup.monitor().await;
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

/// The grace of several that are stuck is one second for all.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ds_19_r85_the_grace_of_children_that_stop_together_is_one() {
    let sup = Keepers::start_link().await.unwrap();
    let mut gates = Vec::new();
    for _ in 0..3 {
        let notes = Notes::default();
        gates.push(notes.block());
        sup.start_child(notes).await.unwrap();
    }
    let began = std::time::Instant::now();
    sup.stop().await.unwrap();
    let took = began.elapsed();
    assert!(took >= Duration::from_millis(1_100), "{took:?}");
    assert!(took < Duration::from_millis(2_100), "{took:?}");
    drop(gates);
}

/// What a supervisor forgets, or refuses, is not dropped in its own poll either.
#[tokio::test(start_paused = true)]
async fn r85_a_supervisor_drops_no_arguments() {
    struct Brief;
    impl suptree::OnDemand for Brief {
        type Given = suptree::Cloned;
    }

    impl GenServer for Brief {
        type Args = Arc<Noted>;
        type Call = suptree::NoMessage;
        type Cast = suptree::NoMessage;
        type Info = suptree::NoMessage;
        type Client = ServerRef<Self>;

        async fn init(args: Arc<Noted>, _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
            args.1.note("init");
            Ok(Self)
        }
    }
    supervisor! { Briefs { dynamic: Brief, max_children: 1 } }
    let notes = Notes::default();
    let sup = Briefs::start_link().await.unwrap();
    let args = |what| Arc::new(Noted(what, notes.clone()));
    let brief = sup.start_child(args("forgotten")).await.unwrap();
    sup.start_child(args("refused")).await.unwrap_err();
    sup.terminate_child(brief.pid().unwrap()).await.unwrap();
    settle().await;
    let sups = notes.places("init")[0];
    for what in ["forgotten", "refused"] {
        let dropped = notes.places(what);
        assert_eq!(dropped.len(), 1, "{what}");
        assert_ne!(dropped[0], sups, "{what}");
    }
}

/// A key that notes where it is dropped.
struct Key(Noted);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.0)
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.0.0 == other.0.0
    }
}

impl Eq for Key {}

impl std::hash::Hash for Key {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.0.hash(state);
    }
}

/// An error that notes where it is dropped.
#[derive(Debug)]
struct Failure(Key);

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.0.0)
    }
}

impl std::error::Error for Failure {}

fn failure(what: &'static str, notes: &Notes) -> Failure {
    Failure(Key(Noted(what, notes.clone())))
}

/// Fails in `init`, or when it is told to.
struct Failing(Notes);

#[genserver(restart = temporary)]
impl Failing {
    #[init]
    async fn init(notes: Notes, at_once: bool) -> Result<Self, Failure> {
        notes.note("init");
        if at_once {
            tokio::time::sleep(Duration::from_secs(1)).await;
            return Err(failure("late", &notes));
        }
        Ok(Self(notes))
    }

    #[cast]
    async fn wait(&self) {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }

    #[cast]
    fn fail(&self) -> Result<(), Failure> {
        Err(failure("at its end", &self.0))
    }

    #[terminate]
    fn terminate(&self) {}
}

/// Takes a while to end.
struct Lingers;

#[genserver]
impl Lingers {
    #[init]
    fn init(notes: Notes) -> Self {
        notes.note("init");
        Self
    }

    #[terminate]
    async fn terminate(&self) {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

supervisor! { Failures { dynamic: Failing } }
supervisor! { Many(notes: Notes) { strategy: one_for_one, children: [Lingers(notes)] } }

/// A keeper, and what its start drops if it is refused.
fn keeper(id: impl Into<suptree::ChildId>, notes: &Notes, what: &'static str) -> ChildSpec {
    struct Named;
    impl GenServer for Named {
        type Args = (Notes, Arc<Noted>);
        type Call = suptree::NoMessage;
        type Cast = suptree::NoMessage;
        type Info = suptree::NoMessage;
        type Client = ServerRef<Self>;

        fn name(_args: &Self::Args) -> Option<Name> {
            Some("named keeper".into())
        }

        async fn init(_args: Self::Args, _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
            Ok(Self)
        }
    }
    let notes = notes.clone();
    ChildSpec::new::<Named>(id, move || {
        let noted = Arc::new(Noted(what, notes.clone()));
        (notes.clone(), noted)
    })
}

/// Waits until these were dropped, once each, and not by the supervisor, which ran `init`.
async fn dropped_elsewhere(notes: &Notes, values: &[&str]) {
    let sups = notes.places("init")[0];
    for what in values {
        while notes.places(what).is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let dropped = notes.places(what);
        assert_eq!(dropped.len(), 1, "{what}");
        assert_ne!(dropped[0], sups, "{what}");
    }
}

/// The errors that children end with, and those that come too late for the one that started them.
#[tokio::test(start_paused = true)]
async fn r85_a_supervisor_drops_no_errors() {
    let notes = Notes::default();
    let sup = Failures::start_link().await.unwrap();
    let child = sup.start_child((notes.clone(), false)).await.unwrap();
    child.wait().await.unwrap();
    child.fail().await.unwrap();
    settle().await;
    let pid = child.pid().unwrap();
    drop(child);
    sup.terminate_child(pid).await.unwrap();
    dropped_elsewhere(&notes, &["at its end"]).await;

    let notes = Notes::default();
    let sup = Many::start_link(notes.clone()).await.unwrap();
    let args = notes.clone();
    let late = ChildSpec::new::<Failing>("failing", move || (args.clone(), true));
    let soon = Duration::from_millis(1);
    let given_up = tokio::time::timeout(soon, sup.start_child(late)).await;
    assert!(given_up.is_err());
    dropped_elsewhere(&notes, &["late"]).await;
}

/// The keys by which children are asked for, and what a start is refused with.
#[tokio::test(start_paused = true)]
async fn r85_a_supervisor_drops_no_keys() {
    let notes = Notes::default();
    let sup = Many::start_link(notes.clone()).await.unwrap();
    let id = |what| suptree::ChildId::new(Key(Noted(what, notes.clone())));
    tokio::spawn(sup.terminate_child(id("asked for")))
        .await
        .unwrap()
        .unwrap_err();
    sup.start_child(keeper(id("its id"), &notes, "its arguments"))
        .await
        .unwrap();
    sup.start_child(keeper("another", &notes, "name taken"))
        .await
        .unwrap_err();
    dropped_elsewhere(&notes, &["asked for", "name taken"]).await;
}

/// What is left in the inbox of a supervisor that ends.
#[tokio::test(start_paused = true)]
async fn r85_a_supervisor_drops_nothing_that_it_was_asked_for() {
    let notes = Notes::default();
    let sup = Many::start_link(notes.clone()).await.unwrap();
    let id = |what| suptree::ChildId::new(Key(Noted(what, notes.clone())));
    let stopping = tokio::spawn(sup.stop());
    settle().await;
    let starting = tokio::spawn(sup.start_child(keeper(id("its id"), &notes, "unused")));
    let terminating = tokio::spawn(sup.terminate_child(id("asked for")));
    let again = tokio::spawn(sup.process().stop_with(failure("a reason", &notes).into()));
    stopping.await.unwrap().unwrap();
    starting.await.unwrap().unwrap_err();
    terminating.await.unwrap().unwrap_err();
    again.await.unwrap().unwrap_err();
    dropped_elsewhere(&notes, &["its id", "asked for", "a reason"]).await;
}

/// Whose text says which processes asked for it.
#[derive(Clone)]
struct Shown(Arc<Mutex<Vec<Option<Pid>>>>);

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.lock().unwrap().push(suptree::try_self_pid());
        f.write_str("it is shown")
    }
}

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(self, f)
    }
}

impl std::error::Error for Shown {}

impl std::hash::Hash for Shown {
    fn hash<H: std::hash::Hasher>(&self, _state: &mut H) {}
}

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Shown {}

/// Fails when it is told to.
struct Shows(Shown);

#[genserver(name = "shows")]
impl Shows {
    #[init]
    fn init(error: Shown) -> Self {
        Self(error)
    }

    #[cast]
    fn fail(&mut self) -> Result<(), Shown> {
        Err(self.0.clone())
    }
}

/// Reports show the errors of children and the keys they go by.
#[tokio::test(start_paused = true)]
async fn r85_a_supervisor_shows_no_errors_and_no_keys() {
    let reports = Reports::capture();
    let notes = Notes::default();
    let sup = Many::start_link(notes.clone()).await.unwrap();
    let shown = Shown(Arc::default());
    let (id, args) = (suptree::ChildId::new(shown.clone()), shown.clone());
    let spec = ChildSpec::new::<Shows>(id.clone(), move || args.clone());
    let pid = sup.start_child(spec).await.unwrap();
    let down = suptree::monitor(pid);
    Shows::named().fail().await.unwrap();
    let reason = down.await.reason;
    assert_eq!(
        reason.to_string(),
        "an error was returned: it is shown".to_owned()
    );
    let children = sup.which_children().await.unwrap();
    let listed = children.last().unwrap().id.as_ref().unwrap();
    assert_eq!(listed.to_string(), "it is shown");
    sup.terminate_child(id).await.unwrap();
    let reported = reports.all();
    let said = |name| {
        let fields = reported.iter().map(|report| report.field(name).to_owned());
        fields.filter(|value| value.contains("it is shown")).count()
    };
    assert!(said("child") >= 3 && said("reason") >= 2);
    let asked = shown.0.lock().unwrap().clone();
    let supervisor = sup.supervisor().pid();
    assert!(asked.iter().all(|by| *by != supervisor), "{asked:?}");
}
