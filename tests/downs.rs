//! Monitors of servers: the end of another process is a message.

use std::collections::HashMap;

use suptree::prelude::*;
use suptree::{MonitorRef, NoMessage, ProcessRef, Task, TaskError, monitor, processes};
use tokio::time::sleep;

use crate::support::{
    Act, Cx, Kind, Log, Notes, Plain, Probe, Queued, Reports, Script, Server, Tiny, Traps, act,
    act_async, does, does_async, failing, gated, get, ms, on_every_path, oops, panic_text, place,
    settle, start,
};

on_every_path! {
    prc_07_r310_two_monitors_of_a_server_are_two_messages
    prc_08_r310_a_monitor_of_nobody_is_a_message_at_once
    prc_11_r310_nothing_arrives_of_a_monitor_that_was_given_up
    prc_14_r310_a_message_of_a_monitor_carries_the_panic
    r310_the_end_of_a_process_comes_behind_what_it_has_sent
    r310_the_end_of_a_process_waits_behind_a_handler_that_waits
    r310_monitors_are_set_in_init_and_in_every_handler
    r310_links_and_monitors_are_told_apart
    r311_a_server_that_ends_leaves_its_monitors
    r311_a_server_hears_nothing_of_itself
}

/// The server monitors this one.
async fn watch<K: Kind, T: Kind>(server: &Server<K>, other: &Server<T>) -> MonitorRef {
    let other = other.clone();
    let watches = does(move |_: &mut Probe<K>, cx: &mut Cx<K>| cx.monitor(&other));
    server.call(watches).await.unwrap()
}

/// What the server has heard.
async fn downs<K: Kind>(server: &Server<K>) -> Vec<Down> {
    let heard = does(|probe: &mut Probe<K>, _: &mut Cx<K>| probe.downs.clone());
    server.call(heard).await.unwrap()
}

async fn prc_07_r310_two_monitors_of_a_server_are_two_messages<K: Kind>() {
    let log = Log::new();
    let (server, other) = (start::<K>("a", &log).await, start::<K>("b", &log).await);
    let pid = other.pid().unwrap();
    let (one, two) = (watch(&server, &other).await, watch(&server, &other).await);
    assert_ne!(one, two);
    other.exit(oops("boom"));
    log.until("a down an error was returned: boom", 2).await;
    let heard = downs(&server).await;
    assert_eq!(
        heard.iter().map(|down| down.monitor).collect::<Vec<_>>(),
        [one, two]
    );
    for down in heard {
        assert_eq!((down.pid, down.reason), (pid, oops("boom")));
        assert_eq!(down.name, None);
    }
    settle().await;
    assert_eq!(log.count("a down an error was returned: boom"), 2);
}

async fn prc_08_r310_a_monitor_of_nobody_is_a_message_at_once<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let dead = start::<K>("b", &log).await;
    let pid = dead.pid().unwrap();
    dead.stop().await.unwrap();
    let watches = does(move |_: &mut Probe<K>, cx: &mut Cx<K>| {
        [
            cx.monitor(&pid),
            cx.monitor(&dead),
            cx.monitor(&dead.process()),
            cx.monitor(&place::<K>()),
            cx.monitor("nobody"),
            cx.monitor(&Name::new(("nobody", 7))),
            cx.monitor(&Server::<K>::named("nobody".into())),
            cx.monitor(&String::from("nobody")),
        ]
    });
    let set = server.call(watches).await.unwrap();
    log.until("a down no process", set.len()).await;
    let heard = downs(&server).await;
    let refs: Vec<_> = heard.iter().map(|down| down.monitor).collect();
    assert_eq!(refs, set);
    assert!(heard.iter().all(|down| down.reason == ExitReason::NoProc));
    let pids: Vec<_> = heard[..3].iter().map(|down| down.pid).collect();
    assert_eq!(pids, [pid; 3], "who is dead is known by the reference");
    let names: Vec<_> = heard.iter().map(|down| down.name.clone()).collect();
    let nobody = Some(Name::from("nobody"));
    assert_eq!(
        names[3..],
        [
            None,
            nobody.clone(),
            Some(Name::new(("nobody", 7))),
            nobody.clone(),
            nobody,
        ]
    );
    assert!(heard[3..].iter().all(|down| down.pid.serial() == 0));
}

async fn prc_11_r310_nothing_arrives_of_a_monitor_that_was_given_up<K: Kind>() {
    let log = Log::new();
    let (server, other) = (start::<K>("a", &log).await, start::<K>("b", &log).await);
    let (one, kept) = (watch(&server, &other).await, watch(&server, &other).await);
    let gives_up = move |_: &mut Probe<K>, cx: &mut Cx<K>| cx.demonitor(one);
    assert_eq!(server.call(does(gives_up)).await, Ok(true));
    assert_eq!(server.call(does(gives_up)).await, Ok(false));
    // Its message is queued by the time the other one is given up.
    let end = other.monitor();
    let flushes = does_async(move |_: &mut Probe<K>, cx: &mut Cx<K>| {
        Box::pin(async move {
            other.kill();
            end.await;
            sleep(ms(1)).await;
            cx.demonitor(kept)
        })
    });
    assert_eq!(server.call(flushes).await, Ok(true));
    settle().await;
    assert_eq!(downs(&server).await, []);
    assert_eq!(log.with("a down"), [""; 0]);
    // One that has arrived is none any more.
    let third = start::<K>("c", &log).await;
    let told = watch(&server, &third).await;
    third.kill();
    log.until("a down killed", 1).await;
    let late = server.call(does(move |_: &mut Probe<K>, cx: &mut Cx<K>| {
        cx.demonitor(told)
    }));
    assert_eq!(late.await, Ok(false));
}

async fn prc_14_r310_a_message_of_a_monitor_carries_the_panic<K: Kind>() {
    let log = Log::new();
    let (server, other) = (start::<K>("a", &log).await, start::<K>("b", &log).await);
    watch(&server, &other).await;
    other
        .cast(act(|probe, _| panic!("no {}", probe.n)))
        .await
        .unwrap();
    log.until_some("a down it panicked").await;
    let heard = downs(&server).await;
    assert_eq!(panic_text(&heard[0].reason), "no 0");
}

async fn r310_the_end_of_a_process_comes_behind_what_it_has_sent<K: Kind>() {
    let log = Log::new();
    let (server, other) = (start::<K>("a", &log).await, start::<K>("b", &log).await);
    watch(&server, &other).await;
    let to = server.clone();
    let sends = act_async(move |_: &mut Probe<K>, cx: &mut Cx<K>| {
        Box::pin(async move {
            for _ in 0..100 {
                let one = act(|probe: &mut Probe<K>, _| {
                    probe.n += 1;
                    if probe.n == 100 {
                        probe.log("all");
                    }
                });
                to.cast(one).await.unwrap();
            }
            cx.stop(oops("done"));
        })
    });
    other.cast(sends).await.unwrap();
    log.until("a down an error was returned: done", 1).await;
    assert!(log.index("all") < log.index("a down an error was returned: done"));
}

async fn r310_the_end_of_a_process_waits_behind_a_handler_that_waits<K: Kind>() {
    let log = Log::new();
    let (server, other) = (start::<K>("a", &log).await, start::<K>("b", &log).await);
    watch(&server, &other).await;
    let (open, waits) = gated();
    server.cast(waits).await.unwrap();
    log.until("started", 1).await;
    server
        .cast(act(|probe: &mut Probe<K>, _| probe.log("queued before")))
        .await
        .unwrap();
    other.kill();
    settle().await;
    server
        .cast(act(|probe: &mut Probe<K>, _| probe.log("queued after")))
        .await
        .unwrap();
    open.send(()).unwrap();
    log.until("queued after", 1).await;
    let lines = ["done", "queued before", "a down killed", "queued after"];
    assert!(
        lines.map(|line| log.index(line)).is_sorted(),
        "{:?}",
        log.all()
    );
}

async fn r310_monitors_are_set_in_init_and_in_every_handler<K: Kind>() {
    let log = Log::new();
    let other = start::<K>("b", &log).await;
    let target = other.clone();
    let script = Script::<K>::new("a", &log).on_init(move |_, cx| {
        cx.monitor(&target);
        // It ends while `init` waits.
        target.kill();
        Box::pin(async {
            sleep(ms(10)).await;
            Ok(())
        })
    });
    let server = suptree::start::<Probe<K>>(script).await.unwrap();
    log.until("a down killed", 1).await;
    let watches = |other: Server<K>| -> Act<K> {
        act(move |_: &mut Probe<K>, cx: &mut Cx<K>| {
            cx.monitor(&other);
        })
    };
    let third = start::<K>("c", &log).await;
    server.cast(watches(third.clone())).await.unwrap();
    server.send(watches(third.clone())).await.unwrap();
    let next = third.clone();
    let continues = act(move |_: &mut Probe<K>, cx: &mut Cx<K>| {
        cx.continue_with(act(move |_, cx| {
            cx.monitor(&next);
        }));
    });
    server.cast(continues).await.unwrap();
    assert_eq!(server.call(get()).await, Ok(0));
    third.kill();
    log.until("a down killed", 4).await;
}

async fn r310_links_and_monitors_are_told_apart<K: Kind>() {
    let log = Log::new();
    let (server, other) = (start::<Traps>("a", &log).await, start::<K>("b", &log).await);
    watch(&server, &other).await;
    let linked = other.clone();
    server
        .call(does(move |_: &mut Probe<Traps>, _: &mut Cx<Traps>| {
            linked.link();
        }))
        .await
        .unwrap();
    other.cast(failing(oops("boom"))).await.unwrap();
    log.until("a exit an error was returned: boom", 1).await;
    log.until("a down an error was returned: boom", 1).await;
    assert!(server.is_alive());
}

async fn r311_a_server_that_ends_leaves_its_monitors<K: Kind>() {
    let log = Log::new();
    let (server, other) = (start::<K>("a", &log).await, start::<K>("b", &log).await);
    watch(&server, &other).await;
    let end = server.monitor();
    server.kill();
    end.await;
    let second = start::<K>("a", &log).await;
    other.kill();
    settle().await;
    assert_eq!(second.call(get()).await, Ok(0));
    assert_eq!(log.with("a down"), [""; 0]);
}

async fn r311_a_server_hears_nothing_of_itself<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    watch(&server, &server).await;
    server.stop().await.unwrap();
    assert_eq!(log.with("a down"), [""; 0]);
}

/// The bound of the mailbox is for those who can wait.
#[tokio::test(start_paused = true)]
async fn r310_the_end_of_a_process_enters_a_mailbox_that_is_full() {
    let log = Log::new();
    let server = start::<Tiny>("a", &log).await;
    let others = [
        start::<Plain>("b", &log).await,
        start::<Plain>("c", &log).await,
    ];
    for other in &others {
        watch(&server, other).await;
    }
    let (open, waits) = gated();
    server.cast(waits).await.unwrap();
    log.until("started", 1).await;
    server.cast(act(|_, _| {})).try_send().unwrap();
    assert!(server.cast(act(|_, _| {})).try_send().is_err());
    for other in others {
        other.kill();
    }
    settle().await;
    open.send(()).unwrap();
    log.until("a down killed", 2).await;
}

/// In the words of the macro, in a server in which nothing waits.
#[derive(Default)]
struct Pool {
    lent: Vec<(MonitorRef, u32)>,
    free: Vec<u32>,
}

#[genserver]
impl Pool {
    #[call]
    fn check_out(&mut self, user: ProcessRef, cx: &mut Context<Self>) -> u32 {
        let connection = self.free.pop().unwrap_or(self.lent.len() as u32);
        self.lent.push((cx.monitor(&user), connection));
        connection
    }

    #[call]
    fn check_in(&mut self, connection: u32, cx: &mut Context<Self>) -> bool {
        let Some(at) = self.lent.iter().position(|lent| lent.1 == connection) else {
            return false;
        };
        let (monitor, connection) = self.lent.swap_remove(at);
        self.free.push(connection);
        cx.demonitor(monitor)
    }

    #[down]
    fn user_is_gone(&mut self, down: Down) {
        if let Some(at) = self.lent.iter().position(|lent| lent.0 == down.monitor) {
            self.free.push(self.lent.swap_remove(at).1);
        }
    }

    #[call]
    fn lent(&self) -> usize {
        self.lent.len()
    }
}

#[tokio::test(start_paused = true)]
async fn r311_ten_thousand_checkouts_leave_nothing() {
    let log = Log::new();
    let pool = Pool::start().await.unwrap();
    let long = start::<Plain>("long", &log).await;
    let before = processes().len();
    for nth in 0..10_000_u32 {
        assert_eq!(pool.check_out(long.process()).await, Ok(0));
        if nth % 2 == 0 {
            assert_eq!(pool.check_in(0).await, Ok(true));
        } else {
            assert_eq!(pool.check_in(0).await, Ok(true));
            let short = start::<Plain>("short", &log).await;
            assert_eq!(pool.check_out(short.process()).await, Ok(0));
            short.stop().await.unwrap();
            assert_eq!(pool.lent().await, Ok(0), "its end came before this call");
        }
    }
    assert_eq!(pool.lent().await, Ok(0));
    assert_eq!(processes().len(), before);
    long.stop().await.unwrap();
    assert_eq!(pool.lent().await, Ok(0));
}

/// `async`, with a context and a result.
struct Careful(Log);

#[genserver]
impl Careful {
    #[init]
    fn init(log: Log, watched: ProcessRef, cx: &mut Context<Self>) -> Self {
        cx.monitor(&watched);
        Self(log)
    }

    #[down]
    async fn gone(&mut self, down: Down, cx: &mut Context<Self>) -> Result<(), ExitReason> {
        sleep(ms(5)).await;
        self.0.push(format!("gone {}", down.reason));
        match down.reason {
            ExitReason::Shutdown => cx.stop(ExitReason::Normal),
            ExitReason::Killed => panic!("so am I"),
            ExitReason::Normal => {}
            other => return Err(other),
        }
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn r310_a_handler_of_ends_may_wait_stop_fail_and_panic() {
    type IsRight = fn(&ExitReason) -> bool;

    let reports = Reports::capture();
    let log = Log::new();
    let expected: [(ExitReason, IsRight); 3] = [
        (ExitReason::Shutdown, |reason| *reason == ExitReason::Normal),
        (ExitReason::Kill, |reason| panic_text(reason) == "so am I"),
        (oops("no"), |reason| *reason == oops("no")),
    ];
    for (reason, is_right) in expected {
        let other = start::<Plain>("b", &log).await;
        let server = Careful::start(log.clone(), other.process()).await.unwrap();
        let end = server.monitor();
        other.exit(reason);
        let ended = end.await.reason;
        assert!(is_right(&ended), "{ended}");
    }
    let all = reports.all();
    let last: Vec<_> = all
        .iter()
        .map(|report| report.field("last_message"))
        .collect();
    assert_eq!(last, ["end of a monitored process"; 2]);
}

/// A server that is not told of it has no handler for it.
#[tokio::test(start_paused = true)]
async fn gs_49_r310_an_end_without_a_handler_is_reported_and_dropped() {
    #[derive(Default)]
    struct Deaf;

    #[genserver]
    impl Deaf {
        #[call]
        fn watch(&self, name: &'static str, cx: &mut Context<Self>) {
            cx.monitor(name);
        }
    }

    /// By hand.
    struct ByHand;

    impl GenServer for ByHand {
        type Args = ();
        type Call = NoMessage;
        type Cast = NoMessage;
        type Info = NoMessage;
        type Client = ServerRef<Self>;

        async fn init((): (), cx: &mut Context<Self>) -> Result<Self, ExitReason> {
            cx.monitor("nobody");
            Ok(Self)
        }
    }

    let reports = Reports::capture();
    let deaf = Deaf::start().await.unwrap();
    let by_hand = suptree::start::<ByHand>(()).await.unwrap();
    deaf.watch("nobody").await.unwrap();
    settle().await;
    assert!(deaf.is_alive() && by_hand.is_alive());
    let all = reports.all();
    assert_eq!(all.len(), 2, "{all:?}");
    for report in all {
        let received = report.field("received");
        assert!(
            received.contains("by the name nobody: no process"),
            "{received}"
        );
    }
}

/// It is told when nothing of the other one is left, and not before.
#[test]
fn r310_r85_a_server_is_told_when_what_the_other_held_is_dropped() {
    struct Holds(Notes);

    impl Drop for Holds {
        fn drop(&mut self) {
            self.0.note("state");
            let gate = self.0.gate.lock().unwrap().take();
            if let Some(gate) = gate {
                let _closed = gate.recv();
            }
        }
    }

    #[genserver]
    impl Holds {
        #[init]
        fn init(notes: Notes) -> Self {
            Self(notes)
        }
    }

    let (here, there) = (runtime(), runtime());
    let (log, notes) = (Log::new(), Notes::default());
    let open = notes.block();
    let other = there.block_on(async { Holds::start(notes.clone()).await.unwrap() });
    here.block_on(async {
        let server = start::<Plain>("a", &log).await;
        let watched = other.process();
        let watches = does(move |_: &mut Probe<Plain>, cx: &mut Cx<Plain>| cx.monitor(&watched));
        server.call(watches).await.unwrap();
        other.kill();
        notes.until("state").await;
        settle().await;
        assert_eq!(log.with("a down"), [""; 0]);
        drop(open);
        log.until("a down killed", 1).await;
    });
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_time()
        .build()
        .unwrap()
}

/// Across runtimes, both ways, and by a runtime that goes.
#[test]
fn r313_servers_monitor_across_runtimes() {
    let (here, there) = (runtime(), runtime());
    let log = Log::new();
    let server = here.block_on(start::<Queued>("a", &log));
    for round in 0..100 {
        let other = there.block_on(start::<Queued>("b", &log));
        here.block_on(watch(&server, &other));
        other.kill();
        here.block_on(log.until("a down killed", round + 1));
    }
    let other = there.block_on(start::<Queued>("b", &log));
    here.block_on(watch(&server, &other));
    drop(there);
    here.block_on(log.until_some("a down shutdown: the runtime"));
    assert_eq!(here.block_on(async { server.call(get()).await }), Ok(0));
    // The one that monitors is gone first.
    let there = runtime();
    let watcher = there.block_on(start::<Queued>("c", &log));
    there.block_on(watch(&watcher, &server));
    drop(there);
    here.block_on(server.stop()).unwrap();
}

/// The end of work beside a server arrives where that of another process does; what it has come to, the server may have first.
#[tokio::test(start_paused = true)]
async fn r312_the_end_of_work_beside_a_server_arrives_unless_it_is_taken() {
    struct Worker(Log, Vec<Task<u32>>);

    #[genserver]
    impl Worker {
        #[init]
        fn init(log: Log) -> Self {
            Self(log, Vec::new())
        }

        #[call]
        fn begin(&mut self, work: u32, cx: &mut Context<Self>) -> Option<Pid> {
            let task = cx.spawn_monitored(async move {
                sleep(ms(10)).await;
                assert_ne!(work, 0, "no work");
                work
            });
            let pid = task.pid();
            self.1.push(task);
            pid
        }

        #[call]
        fn begin_and_forget(&self, cx: &mut Context<Self>) {
            drop(cx.spawn_monitored(sleep(ms(10))));
        }

        #[call]
        async fn take(&mut self) -> Result<u32, TaskError> {
            self.1.pop().expect("it was begun").await
        }

        #[call]
        fn watch_linked(&mut self, cx: &mut Context<Self>) {
            let task = cx.spawn_linked(async { 7 });
            cx.monitor(&task);
            self.1.push(task);
        }

        #[down]
        fn ended(&mut self, down: Down) {
            let shown = match &down.reason {
                ExitReason::Panic(panic) => panic.message().to_owned(),
                other => other.to_string(),
            };
            self.0.push(format!("{} {shown}", down.pid));
        }
    }

    let log = Log::new();
    let worker = Worker::start(log.clone()).await.unwrap();
    let crashes = worker.begin(0).await.unwrap().unwrap();
    let line = format!("{crashes} assertion `left != right` failed: no work");
    log.until_some(&line).await;
    assert!(worker.take().await.unwrap().is_err());
    // Its value is there; so is the message of its end, behind the call that takes it.
    let ends = worker.begin(1).await.unwrap().unwrap();
    log.until(&format!("{ends} normal"), 1).await;
    assert_eq!(worker.take().await, Ok(Ok(1)));
    log.take();
    // Taken first.
    worker.begin(2).await.unwrap();
    assert_eq!(worker.take().await, Ok(Ok(2)));
    settle().await;
    assert_eq!(log.take(), [""; 0]);
    worker.begin_and_forget().await.unwrap();
    sleep(ms(20)).await;
    assert!(log.take()[0].ends_with(" normal"));
    // One that is linked is monitored like any other process.
    worker.watch_linked().await.unwrap();
    sleep(ms(20)).await;
    assert!(log.take()[0].ends_with(" normal"));
    assert_eq!(worker.take().await, Ok(Ok(7)));
}

/// Work may be over before its server notes whose it is: its number stays, where its pid does not.
#[tokio::test(start_paused = true)]
async fn r390_work_beside_a_server_is_known_by_the_number_of_its_monitor() {
    #[derive(Default)]
    struct Queue {
        running: HashMap<MonitorRef, (u32, Task<u32>)>,
        ended: Vec<(u32, Result<u32, TaskError>)>,
    }

    #[genserver]
    impl Queue {
        #[call]
        async fn begin(&mut self, work: u32, cx: &mut Context<Self>) -> (Option<Pid>, bool) {
            let task = cx.spawn_monitored(async move {
                assert_ne!(work, 0, "no work");
                work
            });
            settle().await;
            let known = (task.pid(), task.monitor_ref() == MonitorRef::NONE);
            self.running.insert(task.monitor_ref(), (work, task));
            known
        }

        #[call]
        async fn take(&mut self, cx: &mut Context<Self>) -> (MonitorRef, MonitorRef) {
            let mut task = cx.spawn_monitored(async {});
            let monitor = task.monitor_ref();
            (&mut task).await.unwrap();
            (monitor, task.monitor_ref())
        }

        #[call]
        fn unheard(&self, cx: &mut Context<Self>) -> [MonitorRef; 3] {
            let linked = cx.spawn_linked(async { 1 });
            let alone = Task::spawn_nolink(async { 2 });
            [linked, alone, Task::completed(3)].map(|task| task.monitor_ref())
        }

        #[down]
        async fn ended(&mut self, down: Down) {
            let (work, task) = self.running.remove(&down.monitor).expect("it is known");
            self.ended.push((work, task.await));
        }

        #[call]
        fn ends(&mut self) -> Vec<(u32, Result<u32, TaskError>)> {
            std::mem::take(&mut self.ended)
        }
    }

    let queue = Queue::start().await.unwrap();
    for work in [7, 0] {
        assert_eq!(queue.begin(work).await, Ok((None, false)));
        settle().await;
    }
    let ends = queue.ends().await.unwrap();
    assert!(
        matches!(
            &ends[..],
            [
                (7, Ok(7)),
                (0, Err(TaskError::Exited(ExitReason::Panic(_))))
            ]
        ),
        "{ends:?}"
    );
    let (before, after) = queue.take().await.unwrap();
    assert!(before != MonitorRef::NONE && after == MonitorRef::NONE);
    assert_eq!(queue.unheard().await, Ok([MonitorRef::NONE; 3]));
    settle().await;
    assert_eq!(queue.ends().await, Ok(Vec::new()));

    /// Without a `#[down]` it hears of nothing.
    #[derive(Default)]
    struct Deaf;

    #[genserver]
    impl Deaf {
        #[call]
        fn begin(&self, cx: &mut Context<Self>) -> MonitorRef {
            cx.spawn_monitored(async {}).monitor_ref()
        }
    }
    let deaf = Deaf::start().await.unwrap();
    assert_eq!(deaf.begin().await, Ok(MonitorRef::NONE));
}

/// A future knows no monitor of a server.
#[tokio::test(start_paused = true)]
async fn r310_a_future_has_no_reference() {
    let server = start::<Plain>("a", &Log::new()).await;
    let end = monitor(server.pid().unwrap());
    server.kill();
    let down = end.await;
    assert_eq!((down.monitor, down.name), (MonitorRef::NONE, None));
}
