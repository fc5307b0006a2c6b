//! The driver takes the steps of a restart as the plan gives them: with children that do nothing but start and end.

use std::collections::VecDeque;
use std::time::Duration;

use super::*;
use crate::process::await_holder::{AwaitHolder, Found};
use crate::process::name::Name;
use crate::process::node::Node;
use crate::process::status::{ProcessStatus, Status};
use crate::process::{Header, Tie};
use crate::reply::CallError;
use crate::starting::Starting;
use crate::supervisor::intensity::Intensity;
use crate::supervisor::plan::RestartGroup;
use crate::supervisor::start::start_process;
use crate::supervisor::{StartChildError, SupervisorRef};
use crate::sync::{Mutex, lock};

/// A child that writes down what happens to it.
struct Fake {
    header: Header,
    id: &'static str,
    world: World,
}

#[derive(Clone, Default)]
struct World(Arc<Mutex<Events>>);

#[derive(Default)]
struct Events {
    log: Vec<String>,
    children: Vec<Arc<Fake>>,
    /// The ids of the children whose starts fail, each for one start.
    fails: VecDeque<&'static str>,
}

impl Fake {
    fn dies(&self, reason: &ExitReason) {
        if self.header.set_exit_reason(reason.clone()) {
            self.header.node.note_dead(&self.header, Vec::new());
            self.header.announce(reason);
        }
    }
}

impl Process for Fake {
    fn header(&self) -> &Header {
        &self.header
    }

    fn type_name(&self) -> &'static str {
        "Fake"
    }

    fn signal(self: Arc<Self>, signal: Signal) {
        if let (Signal::Exit { reason, .. }, None) = (signal, self.header.exit_reason()) {
            self.world.log(format!("{} {reason}", self.id));
            self.dies(&reason);
        }
    }

    fn request_stop(self: Arc<Self>, reason: ExitReason) {
        self.dies(&reason);
    }

    fn fence(self: Arc<Self>, reason: ExitReason) {
        self.dies(&reason);
    }

    fn snapshot(&self) -> ProcessStatus {
        ProcessStatus {
            status: Status::Idle,
            mailbox_len: 0,
            handled: 0,
            dropped: 0,
            restarts: 0,
        }
    }
}

impl World {
    fn log(&self, line: String) {
        lock(&self.0).log.push(line);
    }

    fn child(&self, id: &'static str) -> ChildSpec {
        let world = self.clone();
        ChildSpec::supervisor::<()>(id.into(), move |parent| {
            let node = Node::current_or_new().ok_or(StartError::NoRuntime)?;
            let process = Arc::new(Fake {
                header: Header::new(
                    Arc::clone(&node),
                    Tie::Supervised(parent),
                    Some(Name::from_static(id)),
                ),
                id,
                world: world.clone(),
            });
            let registered = node.register(Arc::clone(&process) as _);
            registered.map_err(StartError::refused)?;
            let (world, child) = (world.clone(), Arc::clone(&process));
            let ready = async move {
                // A start takes a while, in which the supervisor could do something else.
                rt::yield_now().await;
                if lock(&world.0).fails.front() == Some(&id) {
                    lock(&world.0).fails.pop_front();
                    world.log(format!("{id} fails"));
                    child.dies(&ExitReason::Killed);
                    return Err(StartError::Init(ExitReason::Killed));
                }
                world.log(format!("{id} starts"));
                lock(&world.0).children.push(child);
                Ok(())
            };
            Ok(Starting {
                process,
                ready: Box::pin(ready),
            })
        })
    }

    fn newest(&self, id: &str) -> Arc<Fake> {
        let events = lock(&self.0);
        let child = events.children.iter().rfind(|child| child.id == id);
        Arc::clone(child.expect("a child"))
    }

    /// Ends a child, and tells what comes of it.
    async fn kill(&self, id: &str) -> Vec<String> {
        lock(&self.0).log.clear();
        self.newest(id).dies(&ExitReason::Killed);
        tokio::time::sleep(Duration::from_secs(1)).await;
        std::mem::take(&mut lock(&self.0).log)
    }
}

/// A supervisor with the children a, b, c and d, and two restarts in its budget.
async fn supervisor(group: RestartGroup) -> (World, SupervisorRef) {
    let world = World::default();
    let handle = SupervisorRef::vacant();
    let setup = || Setup {
        plan: Plan::fixed(group, Intensity::new(2, Duration::from_secs(5))),
        children: ["a", "b", "c", "d"].map(|id| world.child(id)).into(),
        extra: None,
        partitions: None,
    };
    let starting = start_process(None, "Sup", Tie::None, &handle, setup).expect("starts");
    starting.ready.await.expect("starts");
    (world, handle)
}

#[tokio::test(start_paused = true)]
async fn one_for_one_starts_the_child_again() {
    let (world, handle) = supervisor(RestartGroup::One).await;
    assert_eq!(world.kill("b").await, ["b starts"]);
    handle.stop().await.expect("stops");
    let stops = ["d", "c", "b", "a"].map(|id| format!("{id} shutdown"));
    assert_eq!(lock(&world.0).log, stops);
}

/// SUP-30.
#[tokio::test(start_paused = true)]
async fn rest_for_one_goes_on_from_the_child_that_fails() {
    let (world, handle) = supervisor(RestartGroup::Rest).await;
    lock(&world.0).fails.push_back("c");
    let expected = [
        "d shutdown",
        "c shutdown",
        "b starts",
        "c fails",
        "c starts",
        "d starts",
    ];
    assert_eq!(world.kill("b").await, expected);
    // The attempt after the failure was the second restart.
    assert_eq!(
        world.kill("d").await,
        ["c shutdown", "b shutdown", "a shutdown"]
    );
    assert!(!handle.is_alive());
}

/// SUP-29.
#[tokio::test(start_paused = true)]
async fn one_for_all_starts_over() {
    let (world, handle) = supervisor(RestartGroup::All).await;
    lock(&world.0).fails.push_back("b");
    let expected = [
        "d shutdown",
        "c shutdown",
        "a shutdown",
        "a starts",
        "b fails",
        "a shutdown",
        "a starts",
        "b starts",
        "c starts",
        "d starts",
    ];
    assert_eq!(world.kill("b").await, expected);
    handle.stop().await.expect("stops");
}

/// The end of a sibling that waits in the inbox is taken with the group: it costs no second restart.
#[tokio::test(start_paused = true)]
async fn two_that_end_together_are_one_restart_of_the_group() {
    let (world, handle) = supervisor(RestartGroup::All).await;
    for _ in 0..2 {
        world.newest("c").dies(&ExitReason::Killed);
        let expected = [
            "d shutdown",
            "a shutdown",
            "a starts",
            "b starts",
            "c starts",
            "d starts",
        ];
        assert_eq!(world.kill("b").await, expected);
    }
    assert!(handle.is_alive());
    handle.stop().await.expect("stops");
}

/// A bug of the crate's own: here one that is planted, for want of another.
#[tokio::test(start_paused = true)]
async fn r38_a_supervisor_that_fails_by_a_bug_says_so_and_leaves_no_child() {
    let (world, handle) = supervisor(RestartGroup::One).await;
    let end = handle.monitor();
    crate::planted::plant(Some(Bug::StartUncaught));
    let fails = ChildSpec::supervisor::<()>("e".into(), |_| panic!("a bug"));
    let asked = handle.start_child(fails).await;
    crate::planted::plant(None);
    assert!(matches!(
        asked,
        Err(StartChildError::Call(CallError::Exited(ExitReason::Panic(
            _
        ))))
    ));
    let ExitReason::Panic(panic) = end.await.reason else {
        panic!("told as something else");
    };
    assert_eq!(panic.message(), "a bug");
    let killed = ["a", "b", "c", "d"].map(|id| format!("{id} killed"));
    assert_eq!(lock(&world.0).log[4..], killed);
}

/// `None`: nobody woke it. A look at the end of the time does not count.
async fn told<T>(future: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        biased;
        () = tokio::time::sleep(Duration::from_secs(1)) => None,
        told = future => Some(told),
    }
}

/// Whether those who wait for a child's return, and for all to run, hear of it.
async fn all_are_told() -> bool {
    let (world, handle) = supervisor(RestartGroup::One).await;
    let found = async || {
        let mut holder = AwaitHolder::new(Name::from_static("b"));
        told(poll_fn(|cx| holder.poll(cx))).await
    };
    let mut holds = found().await == Some(Found::Somebody);
    for _ in 0..2 {
        world.newest("b").dies(&ExitReason::Killed);
        holds &= !handle.is_ready();
        holds &= found().await == Some(Found::Somebody);
        holds &= told(handle.ready()).await == Some(Ok(())) && handle.is_ready();
    }
    // That is one too many.
    world.newest("b").dies(&ExitReason::Killed);
    holds &= found().await == Some(Found::Nobody);
    holds && handle.ready().await.is_err()
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_a_return_is_told() {
    assert!(all_are_told().await);
}

#[tokio::test(start_paused = true)]
async fn planted_bugs_of_returns_are_found() {
    for (bug, what) in Bug::RETURNS {
        crate::planted::plant(Some(*bug));
        let holds = all_are_told().await;
        crate::planted::plant(None);
        assert!(!holds, "not found: {what}");
    }
}
