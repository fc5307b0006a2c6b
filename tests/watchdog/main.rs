//! The watchdog: handlers that hold their workers are named, by a program with a subscriber of its own. Real threads, and no time: each
//! test waits for the report.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, Once, PoisonError};
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use suptree::prelude::*;
use suptree::{NoMessage, Task, Watchdog, sys};
use tokio::runtime::{Builder, Runtime};
use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber, span};

const THRESHOLD: Duration = Duration::from_millis(40);

/// The fields of a report, by name.
type Report = BTreeMap<&'static str, String>;

/// Who waits for reports about servers.
static WAITING: Mutex<Vec<Sender<Report>>> = Mutex::new(Vec::new());

struct Fields<'a>(&'a mut Report);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }
}

/// Passes warnings on.
struct Passes;

impl Subscriber for Passes {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() == tracing::Level::WARN
    }

    fn new_span(&self, _span: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _span: &span::Id, _values: &span::Record<'_>) {}

    fn record_follows_from(&self, _span: &span::Id, _follows: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut report = Report::new();
        event.record(&mut Fields(&mut report));
        let mut waiting = WAITING.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|one| one.send(report.clone()).is_ok());
    }

    fn enter(&self, _span: &span::Id) {}

    fn exit(&self, _span: &span::Id) {}
}

/// All reports from here on, and a watchdog that makes them.
fn watch() -> (Watchdog, Receiver<Report>) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| tracing::subscriber::set_global_default(Passes).unwrap());
    let (sender, reports) = channel();
    WAITING
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(sender);
    (Watchdog::start(THRESHOLD), reports)
}

/// A handler that blocks its thread until somebody drops the sender.
type Until = Receiver<()>;

/// The next report about one of these, and all before it.
fn next_of(reports: &Receiver<Report>, pids: &[Pid]) -> (Report, Vec<Report>) {
    let mut others = Vec::new();
    loop {
        let report = reports.recv().unwrap();
        if pids.iter().any(|pid| report["pid"] == pid.to_string()) {
            return (report, others);
        }
        others.push(report);
    }
}

fn runtime(workers: usize) -> Runtime {
    let mut builder = Builder::new_multi_thread();
    builder
        .worker_threads(workers)
        .enable_all()
        .build()
        .unwrap()
}

/// In a task of this runtime.
fn within<T: Send + 'static>(
    runtime: &Runtime,
    task: impl Future<Output = T> + Send + 'static,
) -> T {
    runtime.block_on(async { tokio::spawn(task).await.unwrap() })
}

#[derive(Default)]
struct Holder;

#[genserver(name = number)]
impl Holder {
    #[init]
    fn init(number: u32) -> Self {
        Self
    }

    #[call]
    fn hold(&self, until: Receiver<()>) {
        let _ = until.recv();
    }

    #[cast]
    async fn hold_later(&mut self, until: Receiver<()>) {
        tokio::task::yield_now().await;
        let until = until;
        let _ = until.recv();
    }

    #[call]
    async fn wake_and_hold(&self, other: HolderClient, until: Receiver<()>) {
        let (sender, receiver) = channel();
        drop(sender);
        other.hold_later(receiver).await.unwrap();
        let _ = until.recv();
    }

    #[call(blocking)]
    fn block(&self, until: Receiver<()>) {
        let _ = until.recv();
    }

    #[call]
    async fn yields(&self, mut until: tokio::sync::oneshot::Receiver<()>) {
        while until.try_recv() == Err(tokio::sync::oneshot::error::TryRecvError::Empty) {
            tokio::task::yield_now().await;
        }
    }

    #[call]
    fn blocks_in_place(&self, until: Receiver<()>) {
        let _ = tokio::task::block_in_place(|| until.recv());
    }
}

/// A server whose handler holds the only worker of a runtime until it is told, by `inline` in place, or in its own task.
fn holder(runtime: &Runtime, number: u32) -> (HolderClient, Sender<()>) {
    let server = within(runtime, async move { Holder::start(number).await.unwrap() });
    let (free, until) = channel();
    let held = server.clone();
    runtime.spawn(async move { held.hold(until).await });
    (server, free)
}

#[test]
fn r33_f13_a_handler_is_named_with_every_worker_blocked() {
    let (_watchdog, reports) = watch();
    let runtime = runtime(2);
    let (first, second) = within(&runtime, async {
        (
            Holder::start(1).await.unwrap(),
            Holder::start(2).await.unwrap(),
        )
    });
    let pids = [first.pid().unwrap(), second.pid().unwrap()];
    let ((free, until), (free_late, until_late)) = (channel(), channel());
    runtime.spawn(async move { first.hold(until).await });
    // Its worker is blocked by then: the other one has the second server, which it cannot leave in a place that only the first looks at.
    let (hold, _) = next_of(&reports, &pids[..1]);
    runtime.spawn(async move { second.hold_later(until_late).await });
    let (hold_later, _) = next_of(&reports, &pids[1..]);
    let named = [hold, hold_later];
    let handlers: Vec<_> = named.iter().map(|report| &*report["handler"]).collect();
    assert_eq!(handlers, ["hold", "hold_later"]);
    for report in &named {
        assert_eq!(report["server"], std::any::type_name::<Holder>());
        assert!(
            report["place"].contains("tests/watchdog/main.rs:"),
            "{report:?}"
        );
        assert!(report["message"].contains("worker is held"), "{report:?}");
    }
    assert!(named[0]["process"].contains('1'), "{:?}", named[0]);
    assert_ne!(named[0]["place"], named[1]["place"]);
    drop((free, free_late));
}

#[test]
fn r34_a_handler_that_wakes_another_and_then_spins_is_the_one_that_is_named() {
    let (_watchdog, reports) = watch();
    let runtime = runtime(2);
    let (spins, waits) = within(&runtime, async {
        (
            Holder::start(3).await.unwrap(),
            Holder::start(4).await.unwrap(),
        )
    });
    let pids = [spins.pid().unwrap(), waits.pid().unwrap()];
    let (free, until) = channel();
    let receiver = waits.clone();
    runtime.spawn(async move { spins.wake_and_hold(receiver, until).await });
    let (report, _) = next_of(&reports, &pids);
    assert_eq!(report["pid"], pids[0].to_string());
    assert_eq!(report["handler"], "wake_and_hold");
    free.send(()).unwrap();
}

/// A worker that the machine gives no time for so long stands still like one that is held, and what has its task in hand is named, as it
/// should be. So what is not to be named is tried again, with other servers, until nobody was: one that is named by mistake is so each time.
#[track_caller]
fn none_is_named(round: impl Fn() -> Result<(), Vec<Report>>) {
    const ROUNDS: usize = 50;
    let mut named = Vec::new();
    for _ in 0..ROUNDS {
        match round() {
            Ok(()) => return,
            Err(reports) => named = reports,
        }
    }
    panic!("{named:?}");
}

/// Those of the reports that are about one of these.
fn about(reports: Vec<Report>, pids: &[Pid]) -> Vec<Report> {
    let is_about = |report: &Report| pids.iter().any(|pid| report["pid"] == pid.to_string());
    reports.into_iter().filter(is_about).collect()
}

/// What keeps a server busy until it is dropped.
type Busy = (Sender<()>, tokio::sync::oneshot::Sender<()>);

/// Servers that are busy in these ways, and hold no worker.
fn busy_rightly(runtime: &Runtime, ways: &[u32]) -> (Vec<Pid>, Vec<Busy>) {
    ways.iter()
        .map(|&way| {
            let server = within(
                runtime,
                async move { Holder::start(10 + way).await.unwrap() },
            );
            let ((free, until), (tell, told)) = (channel(), tokio::sync::oneshot::channel());
            let held = server.clone();
            runtime.spawn(async move {
                match way {
                    0 => drop(held.block(until).no_timeout().await),
                    1 => drop(held.blocks_in_place(until).no_timeout().await),
                    _ => drop(held.yields(told).no_timeout().await),
                }
            });
            (server.pid().unwrap(), (free, tell))
        })
        .unzip()
}

#[test]
fn r35_a_handler_that_blocks_the_only_worker_is_named_and_the_ways_to_do_it_rightly_are_not() {
    none_is_named(|| {
        let (_watchdog, reports) = watch();
        let rightly = runtime(2);
        let (pids, _busy) = busy_rightly(&rightly, &[0, 1, 2]);
        let mut others = Vec::new();
        // They have run for longer by then.
        for number in 0..3 {
            let only = runtime(1);
            let (server, until) = holder(&only, 20 + number);
            let (report, before) = next_of(&reports, &[server.pid().unwrap()]);
            assert_eq!(report["handler"], "hold");
            others.extend(before);
            drop(until);
        }
        let named = about(others, &pids);
        if named.is_empty() { Ok(()) } else { Err(named) }
    });
}

#[test]
fn r33_beside_a_handler_that_holds_its_worker_those_that_do_not_are_not_named() {
    none_is_named(|| {
        let (_watchdog, reports) = watch();
        let runtime = runtime(3);
        let (pids, _busy) = busy_rightly(&runtime, &[0, 2]);
        let mut others = Vec::new();
        for number in 0..2 {
            let (server, until) = holder(&runtime, 40 + number);
            let (report, before) = next_of(&reports, &[server.pid().unwrap()]);
            assert_eq!(report["handler"], "hold");
            others.extend(before);
            drop(until);
        }
        let named = about(others, &pids);
        if named.is_empty() { Ok(()) } else { Err(named) }
    });
}

/// Written by hand: of which nobody knows where its handlers are.
struct ByHand;

impl GenServer for ByHand {
    type Args = ();
    type Call = NoMessage;
    type Cast = Receiver<()>;
    type Info = NoMessage;
    type Client = ServerRef<Self>;

    async fn init((): (), _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
        Ok(Self)
    }

    async fn handle_cast(
        &mut self,
        until: Receiver<()>,
        _cx: &mut Context<Self>,
    ) -> Result<(), ExitReason> {
        let _ = until.recv();
        Ok(())
    }
}

#[test]
fn f13_a_server_by_hand_is_named_on_a_runtime_of_one_thread() {
    let (began, pid) = channel();
    let (free, until) = channel();
    let thread = std::thread::spawn(move || {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            // It is there before the watchdog.
            let server = suptree::start::<ByHand>(()).await.unwrap();
            let (go_on, is_time) = tokio::sync::oneshot::channel();
            began.send((server.pid().unwrap(), go_on)).unwrap();
            is_time.await.unwrap();
            server.cast(until).await.unwrap();
            server.stop().await.unwrap();
        });
    });
    let (pid, go_on) = pid.recv().unwrap();
    let (_watchdog, reports) = watch();
    go_on.send(()).unwrap();
    let (report, _) = next_of(&reports, &[pid]);
    assert_eq!(
        (&*report["handler"], &*report["place"]),
        ("a cast", "unknown")
    );
    drop(free);
    thread.join().unwrap();
}

/// Blocks in whatever of it is asked for.
#[derive(Default)]
struct Everywhere {
    at_end: Option<Until>,
    at_rest: Option<Until>,
}

/// Its first poll blocks.
struct Stuck(Until);

impl tokio_stream::Stream for Stuck {
    type Item = u32;

    fn poll_next(self: Pin<&mut Self>, _cx: &mut TaskContext<'_>) -> Poll<Option<u32>> {
        let _ = self.0.recv();
        Poll::Ready(None)
    }
}

#[genserver]
impl Everywhere {
    #[init]
    fn init(at_start: Option<Until>) -> Self {
        if let Some(until) = at_start {
            let _ = until.recv();
        }
        Self::default()
    }

    #[call]
    fn in_place(&self, until: Until) {
        let _ = until.recv();
    }

    #[call]
    async fn begun(&mut self, until: Until) {
        let _ = until.recv();
    }

    #[call]
    async fn resumed(&mut self, until: Until) {
        tokio::task::yield_now().await;
        let _ = until.recv();
    }

    #[call]
    fn replied(&self, until: Until, reply: ReplyTo<()>) {
        let _ = until.recv();
        reply.send(());
    }

    #[call(task)]
    fn beside(&self, until: Until) -> impl Future<Output = ()> + Send + use<> {
        async move {
            let _ = until.recv();
        }
    }

    #[cast]
    fn queued(&mut self, until: Until) {
        let _ = until.recv();
    }

    #[cast]
    fn queued_behind(&mut self, first: Until, until: Until) {
        drop(first);
        let _ = until.recv();
    }

    #[info]
    fn sent(&mut self, until: Until) {
        let _ = until.recv();
    }

    #[call]
    fn continues(&self, until: Until, cx: &mut Context<Self>) {
        cx.then().goes_on(until);
    }

    #[handle_continue]
    fn goes_on(&mut self, until: Until) {
        let _ = until.recv();
    }

    #[call]
    fn attaches(&self, until: Until, cx: &mut Context<Self>) {
        let _attached = cx.attach(Stuck(until)).item();
    }

    #[info]
    fn item(&mut self, _number: u32) {}

    #[call]
    fn ends(&mut self, until: Until, cx: &mut Context<Self>) {
        self.at_end = Some(until);
        cx.stop(ExitReason::Normal);
    }

    #[call]
    fn rests(&mut self, until: Until, cx: &mut Context<Self>) {
        self.at_rest = Some(until);
        cx.hibernate();
    }

    #[hibernate]
    fn hibernate(&mut self) {
        if let Some(until) = self.at_rest.take() {
            let _ = until.recv();
        }
    }

    #[terminate]
    fn terminate(&mut self) {
        if let Some(until) = self.at_end.take() {
            let _ = until.recv();
        }
    }
}

type Way = fn(Until) -> Pin<Box<dyn Future<Output = ()> + Send>>;

/// Each way in which something of a server comes to hold its worker, with what is reported then.
const WAYS: [(Way, &str, &str); 15] = [
    (
        |until| Box::pin(async { drop(started().await.in_place(until).await) }),
        "call",
        "in_place",
    ),
    (
        |until| Box::pin(async { drop(started().await.begun(until).await) }),
        "call",
        "begun",
    ),
    (
        |until| Box::pin(async { drop(started().await.resumed(until).await) }),
        "call",
        "resumed",
    ),
    (
        |until| Box::pin(async { drop(started().await.replied(until).await) }),
        "call",
        "replied",
    ),
    (
        |until| Box::pin(async { drop(started().await.queued(until).await) }),
        "cast",
        "queued",
    ),
    (|until| Box::pin(behind(until)), "cast", "queued_behind"),
    (
        |until| Box::pin(async { drop(started().await.sent(until).await) }),
        "message",
        "sent",
    ),
    (
        |until| Box::pin(async { drop(started().await.continues(until).await) }),
        "continue",
        "goes_on",
    ),
    (
        |until| Box::pin(async { drop(started().await.attaches(until).await) }),
        "look",
        "at a stream",
    ),
    (
        |until| Box::pin(async { drop(started().await.ends(until).await) }),
        "callback",
        "terminate",
    ),
    (
        |until| Box::pin(async { drop(started().await.rests(until).await) }),
        "request",
        "to hibernate",
    ),
    (
        |until| Box::pin(async { drop(Everywhere::start(Some(until)).await) }),
        "callback",
        "init",
    ),
    (|until| Box::pin(asked(until)), "request", "of `sys`"),
    (
        |until| Box::pin(async { drop(started().await.beside(until).await) }),
        "task",
        "poll",
    ),
    (
        |until| Box::pin(async { drop(Task::spawn(async move { until.recv().is_ok() }).await) }),
        "task",
        "poll",
    ),
];

async fn started() -> EverywhereClient {
    Everywhere::start(None).await.unwrap()
}

/// Behind another one, in one turn.
async fn behind(until: Until) {
    let server = started().await;
    let (_, gone) = channel();
    server.queued(gone).await.unwrap();
    let (_, gone) = channel();
    server.queued_behind(gone, until).await.unwrap();
}

async fn asked(until: Until) {
    let server = started().await;
    let block = move |_: &Everywhere| until.recv().is_ok();
    let _ = sys::with_state(&server, block).await;
}

#[test]
fn r33_whatever_of_a_server_holds_the_only_worker_is_named() {
    for (way, callback, handler) in WAYS {
        let (_watchdog, reports) = watch();
        let runtime = runtime(1);
        let (free, until) = channel();
        runtime.spawn(way(until));
        // Other tests have theirs.
        let is_it =
            |report: &Report| report["callback"] == callback && report["handler"] == handler;
        while !is_it(&reports.recv().unwrap()) {}
        drop(free);
    }
}

/// How many threads of watchdogs there are.
#[cfg(target_os = "linux")]
fn threads() -> usize {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let names =
        tasks.filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("comm")).ok());
    // The system cuts names.
    names
        .filter(|name| "suptree-watchdog".starts_with(name.trim_end()))
        .count()
}

#[test]
#[cfg(target_os = "linux")]
fn r415_a_watchdog_that_is_dropped_leaves_no_thread_however_seldom_it_looks() {
    // More than the other tests have.
    const MANY: usize = 64;
    for threshold in [Duration::from_secs(3600), Duration::MAX] {
        let watchdogs: Vec<_> = (0..MANY).map(|_| Watchdog::start(threshold)).collect();
        drop(watchdogs);
        let begin = std::time::Instant::now();
        while threads() >= MANY {
            assert!(begin.elapsed() < Duration::from_secs(30), "they are left");
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}
