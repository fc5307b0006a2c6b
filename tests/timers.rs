//! Timers: messages that are sent later, once or again and again, and die with the process that they are for.

use std::time::Duration;

use suptree::prelude::*;
use suptree::{Timer, supervisor};
use tokio::time::{Instant, advance, sleep};

use crate::support::bomb::Drops;
use crate::support::{
    Act, Cx, Kind, Log, Plain, Probe, Script, Tiny, act, act_async, get, ms, on_every_path, oops,
    settle, start,
};

on_every_path! {
    prc_15_a_timer_that_is_cancelled_sends_nothing
    prc_16_a_timer_that_has_fired_cannot_be_cancelled
    prc_17_r66_a_timer_dies_with_its_process
    r301_timers_fire_in_the_order_of_their_times
    r302_a_timer_sends_into_a_mailbox_that_is_full
}

fn logs<K: Kind>(line: &'static str) -> Act<K> {
    act(move |probe: &mut Probe<K>, _| probe.log(line))
}

async fn prc_15_a_timer_that_is_cancelled_sends_nothing<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let timer = server.send(logs("fired")).send_after(ms(100));
    assert_eq!(timer.left(), Some(ms(100)));
    sleep(ms(30)).await;
    assert_eq!(timer.left(), Some(ms(70)));
    assert_eq!(timer.cancel(), Some(ms(70)));
    assert_eq!((timer.cancel(), timer.left()), (None, None));
    sleep(ms(200)).await;
    assert_eq!(log.all(), ["a init"]);
}

async fn prc_16_a_timer_that_has_fired_cannot_be_cancelled<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let timer = server.cast(logs("fired")).send_after(ms(10));
    sleep(ms(9)).await;
    assert_eq!(log.all(), ["a init"]);
    sleep(ms(2)).await;
    assert_eq!(log.all(), ["a init", "fired"]);
    assert_eq!((timer.left(), timer.cancel()), (None, None));
    // In the mailbox, behind a handler that waits, it has fired as well.
    let waits = act_async(|_: &mut Probe<K>, _| Box::pin(sleep(ms(100))));
    server.cast(waits).await.unwrap();
    let timer = server.cast(logs("again")).send_after(ms(10));
    sleep(ms(20)).await;
    assert_eq!((timer.left(), timer.cancel()), (None, None));
    assert_eq!(log.count("again"), 0);
    log.until("again", 1).await;
}

async fn prc_17_r66_a_timer_dies_with_its_process<K: Kind>() {
    let log = Log::new();
    let script = || Script::<K>::new("a", &log).named("prc_17");
    let first = suptree::start::<Probe<K>>(script()).await.unwrap();
    let drops = Drops::default();
    let token = drops.token();
    let once = first
        .send(act(move |probe: &mut Probe<K>, _| {
            probe.tokens.push(token);
            probe.log("once");
        }))
        .send_after(ms(100));
    let death = first.monitor();
    first.kill();
    death.await;
    assert_eq!((once.left(), once.cancel()), (None, None));
    assert_eq!(drops.count(), 1, "its message goes with the process");
    // To the dead.
    let late = first.send(logs("late")).send_after(ms(1));
    assert_eq!(late.left(), None);
    let second = suptree::start::<Probe<K>>(script()).await.unwrap();
    sleep(ms(300)).await;
    assert_eq!(second.call(get()).await, Ok(0));
    assert_eq!(log.all(), ["a init", "a drop", "a init"]);
}

async fn r301_timers_fire_in_the_order_of_their_times<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let lines = ["4", "1", "3", "2", "3 too", "never", "0"];
    let times = [40, 10, 30, 20, 30, u64::MAX, 0];
    for (line, time) in lines.into_iter().zip(times) {
        server.send(logs(line)).send_after(ms(time));
    }
    let far = server.send(logs("never")).send_after(Duration::MAX);
    sleep(ms(41)).await;
    assert_eq!(log.all()[1..], ["0", "1", "2", "3", "3 too", "4"]);
    assert!(far.cancel().is_some());
    // A moment that was passed by counts as well.
    server.send(logs("5")).send_after(ms(5));
    server.send(logs("6")).send_after(ms(6));
    advance(Duration::from_secs(3600)).await;
    log.until("6", 1).await;
    assert_eq!(log.all()[7..], ["5", "6"]);
}

async fn r302_a_timer_sends_into_a_mailbox_that_is_full<K: Kind>() {
    let log = Log::new();
    let server = start::<Tiny>("a", &log).await;
    server
        .cast(act_async(|_: &mut Probe<Tiny>, _| Box::pin(sleep(ms(50)))))
        .await
        .unwrap();
    settle().await;
    server.cast(logs("cast")).await.unwrap();
    assert!(server.cast(logs("refused")).try_send().is_err());
    for line in ["one", "two", "three"] {
        server.cast(logs(line)).send_after(ms(10));
    }
    sleep(ms(60)).await;
    assert_eq!(log.all()[1..], ["cast", "one", "two", "three"]);
    // Nothing is left over: there is room again.
    server.cast(logs("after")).try_send().unwrap();
    log.until("after", 1).await;
}

/// Counts ticks, which may be made to take long.
struct Ticks {
    log: Log,
    takes: Duration,
}

#[genserver(name = name)]
impl Ticks {
    #[init]
    fn init(name: &'static str, log: Log, takes: Duration) -> Self {
        let _ = name;
        Self { log, takes }
    }

    #[info]
    async fn tick(&mut self, began: Instant) {
        self.log
            .push(format!("tick {}", began.elapsed().as_millis()));
        sleep(self.takes).await;
    }

    #[cast]
    fn note(&mut self, line: &'static str) {
        self.log.push(line);
    }
}

async fn ticks(takes: Duration) -> (TicksClient, Log) {
    let log = Log::new();
    let client = Ticks::start("ticks", log.clone(), takes).await.unwrap();
    (client, log)
}

#[tokio::test(start_paused = true)]
async fn r67_a_periodic_timer_sends_again_and_again() {
    let (client, log) = ticks(Duration::ZERO).await;
    let timer = client.tick(Instant::now()).send_every(ms(10));
    assert_eq!(timer.left(), Some(ms(10)));
    sleep(ms(35)).await;
    assert_eq!(log.take(), ["tick 10", "tick 20", "tick 30"]);
    assert_eq!(timer.left(), Some(ms(5)));
    assert_eq!(timer.cancel(), Some(ms(5)));
    assert_eq!((timer.cancel(), timer.left()), (None, None));
    sleep(ms(100)).await;
    assert_eq!(log.all(), [""; 0]);
}

/// A tick each millisecond, and ten to handle one: one waits, and those that come meanwhile are one.
#[tokio::test(start_paused = true)]
async fn r67_ticks_that_come_while_one_waits_are_one() {
    let (client, log) = ticks(ms(10)).await;
    let timer = client.tick(Instant::now()).send_every(ms(1));
    sleep(ms(35)).await;
    assert!(client.info().unwrap().mailbox_len <= 1);
    timer.cancel();
    sleep(ms(100)).await;
    let ticks = ["tick 1", "tick 11", "tick 21", "tick 31", "tick 41"];
    assert_eq!(log.all(), ticks, "the one that waited is handled");
}

/// The tick that was missed is not lost, and those after it come when they would have come.
#[tokio::test(start_paused = true)]
async fn r67_no_tick_is_lost_and_the_others_keep_their_times() {
    let (client, log) = ticks(Duration::ZERO).await;
    client.tick(Instant::now()).send_every(ms(10));
    let waits = client.tick(Instant::now() - ms(1000));
    waits.await.unwrap();
    sleep(ms(15)).await;
    advance(ms(20)).await;
    settle().await;
    sleep(ms(10)).await;
    assert_eq!(log.all(), ["tick 1000", "tick 10", "tick 35", "tick 40"]);
}

#[tokio::test(start_paused = true)]
async fn r67_a_periodic_timer_dies_with_its_process() {
    let (client, log) = ticks(Duration::ZERO).await;
    let timer = client.tick(Instant::now()).send_every(ms(10));
    sleep(ms(15)).await;
    client.stop().await.unwrap();
    assert_eq!((timer.left(), timer.cancel()), (None, None));
    let (_again, other) = ticks(Duration::ZERO).await;
    sleep(ms(50)).await;
    assert_eq!((log.all().len(), other.all().len()), (1, 0));
    let dead = client.tick(Instant::now()).send_every(ms(10));
    assert_eq!(dead.left(), None);
}

/// By name: whoever has it when the time has come.
#[tokio::test(start_paused = true)]
async fn prc_17_a_timer_to_a_name_reaches_who_has_it_then() {
    let named = || Ticks::named("ticks");
    let early = named().note("early").send_after(ms(10));
    let late = named().note("late").send_after(ms(100));
    let cancelled = named().note("cancelled").send_after(ms(100));
    assert_eq!(late.left(), Some(ms(100)));
    sleep(ms(20)).await;
    assert_eq!((early.left(), early.cancel()), (None, None), "to nobody");
    let (first, log) = ticks(Duration::ZERO).await;
    named().note("first").send_after(ms(10));
    sleep(ms(20)).await;
    assert_eq!(log.all(), ["first"]);
    first.stop().await.unwrap();
    let (_second, log) = ticks(Duration::ZERO).await;
    assert_eq!(cancelled.cancel(), Some(ms(60)));
    sleep(ms(100)).await;
    assert_eq!(log.all(), ["late"]);
    assert_eq!(late.left(), None);
}

/// A periodic one goes on, whoever has the name, and while nobody has.
#[tokio::test(start_paused = true)]
async fn prc_17_a_periodic_timer_to_a_name_goes_on() {
    let began = Instant::now();
    let timer = Ticks::named("ticks").tick(began).send_every(ms(10));
    sleep(ms(15)).await;
    let (first, log) = ticks(Duration::ZERO).await;
    sleep(ms(20)).await;
    assert_eq!(log.all(), ["tick 20", "tick 30"]);
    first.stop().await.unwrap();
    sleep(ms(20)).await;
    let (second, log) = ticks(ms(100)).await;
    sleep(ms(15)).await;
    assert_eq!(log.all(), ["tick 60"]);
    // The one that waits in its mailbox goes with it; the timer does not.
    sleep(ms(20)).await;
    second.kill();
    settle().await;
    let (_third, log) = ticks(Duration::ZERO).await;
    sleep(ms(25)).await;
    assert_eq!(log.all(), ["tick 100", "tick 110"]);
    assert!(timer.cancel().is_some());
    sleep(ms(50)).await;
    assert_eq!(log.all().len(), 2);
}

#[derive(Default)]
struct Worker;

#[genserver]
impl Worker {
    #[cast]
    fn crash(&self) -> Result<(), ExitReason> {
        Err(oops("crash"))
    }

    #[info]
    fn told(&self, log: Log) {
        log.push(format!("{:?}", self_pid()));
    }
}

supervisor! { App { strategy: one_for_one, children: [Worker] } }

/// By the place of a supervised child: the child that is there then. By its own client, bound: never the next one (R66).
#[tokio::test(start_paused = true)]
async fn prc_17_r66_a_timer_to_a_place_follows_the_child_and_one_to_the_child_does_not() {
    let log = Log::new();
    let app = App::start_link().await.unwrap();
    let bound = WorkerClient::from(app.worker().bound().unwrap());
    bound.told(log.clone()).send_after(ms(10));
    app.worker().told(log.clone()).send_after(ms(10));
    app.worker().crash().await.unwrap();
    sleep(ms(20)).await;
    let second = app.worker().pid().unwrap();
    assert_ne!(bound.pid(), Some(second));
    assert_eq!(log.all(), [format!("{second:?}")]);
}

/// From another runtime, whose clock is another one.
#[tokio::test(start_paused = true)]
async fn r301_a_timer_is_on_the_clock_of_its_process() {
    let log = Log::new();
    let server = start::<Plain>("a", &log).await;
    advance(Duration::from_secs(1000)).await;
    let (far, line) = (server.clone(), log.clone());
    let timer = std::thread::spawn(move || -> Timer {
        let timer = far.send(logs("fired")).send_after(ms(500));
        assert_eq!(timer.left(), Some(ms(500)));
        line.push("set");
        timer
    });
    let timer = timer.join().unwrap();
    sleep(ms(499)).await;
    assert_eq!(log.all(), ["a init", "set"]);
    assert_eq!(timer.left(), Some(ms(1)));
    sleep(ms(2)).await;
    assert_eq!(log.all(), ["a init", "set", "fired"]);
}

/// Without a runtime a name leads nowhere.
#[test]
fn r301_a_timer_to_a_name_without_a_runtime_is_never_sent() {
    let timer = Ticks::named("ticks").note("never").send_after(ms(1));
    assert_eq!((timer.left(), timer.cancel()), (None, None));
    let timer = Ticks::named("ticks").tick(Instant::now()).send_every(ms(1));
    assert_eq!((timer.left(), timer.cancel()), (None, None));
}

/// When the runtime goes, what waits goes with it.
#[test]
fn r301_timers_end_with_the_runtime() {
    let drops = Drops::default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let timers = runtime.block_on(async {
        let server = start::<Plain>("a", &Log::new()).await;
        let log = Log::new();
        let client = Ticks::start("ticks", log, ms(0)).await.unwrap();
        let holds = |token| {
            act(move |probe: &mut Probe<Plain>, _: &mut Cx<Plain>| probe.tokens.push(token))
        };
        let named = ServerRef::<Probe<Plain>>::named("nobody".into());
        [
            server.send(holds(drops.token())).send_after(ms(1000)),
            named.send(holds(drops.token())).send_after(ms(1000)),
            client.tick(Instant::now()).send_every(ms(1000)),
            Ticks::named("x").tick(Instant::now()).send_every(ms(1000)),
        ]
    });
    assert_eq!(drops.count(), 0);
    drop(runtime);
    assert_eq!(drops.count(), 2);
    for timer in timers {
        assert_eq!((timer.left(), timer.cancel()), (None, None), "{timer:?}");
    }
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "a period is longer than zero")]
async fn r301_a_period_of_zero_is_a_panic() {
    let (client, _log) = ticks(Duration::ZERO).await;
    client.tick(Instant::now()).send_every(Duration::ZERO);
}

/// What `#[every]` does, from the start of each server on.
struct Sweeper {
    log: Log,
    sweeps: u32,
}

const SLOWLY: Duration = Duration::from_secs(60);

#[genserver]
impl Sweeper {
    #[init]
    fn init(log: Log, fails: bool) -> Result<Self, ExitReason> {
        if fails {
            return Err(oops("no"));
        }
        Ok(Self { log, sweeps: 0 })
    }

    #[every(1s)]
    fn sweep(&mut self, cx: &mut Context<Self>) {
        self.sweeps += 1;
        self.log.push("sweep");
        if self.sweeps == 100 {
            cx.stop(ExitReason::Normal);
        }
    }

    #[every(SLOWLY / 2)]
    async fn report(&mut self) -> Result<(), ExitReason> {
        sleep(ms(10)).await;
        self.log.push(format!("report {}", self.sweeps));
        Ok(())
    }

    #[call]
    fn sweeps(&self) -> u32 {
        self.sweeps
    }
}

#[tokio::test(start_paused = true)]
async fn r303_every_ticks_from_the_start_on_and_is_gone_with_the_server() {
    let log = Log::new();
    let sweeper = Sweeper::start(log.clone(), false).await.unwrap();
    sleep(ms(999)).await;
    assert_eq!(sweeper.sweeps().await, Ok(0));
    sleep(ms(2)).await;
    assert_eq!(sweeper.sweeps().await, Ok(1));
    sleep(Duration::from_secs(61)).await;
    assert_eq!(sweeper.sweeps().await, Ok(62));
    assert_eq!(log.with("report"), ["report 29", "report 59"]);
    let end = sweeper.monitor().await.reason;
    assert_eq!(end, ExitReason::Normal);
    sleep(Duration::from_secs(100)).await;
    assert_eq!(log.count("sweep"), 100);
    // Another one has ticks of its own.
    let _sweeper = Sweeper::start(log.clone(), false).await.unwrap();
    sleep(ms(1500)).await;
    assert_eq!(log.count("sweep"), 101);
}

#[tokio::test(start_paused = true)]
async fn r303_a_server_that_did_not_start_has_no_ticks() {
    let log = Log::new();
    assert!(Sweeper::start(log.clone(), true).await.is_err());
    sleep(Duration::from_secs(5)).await;
    assert_eq!(log.all(), [""; 0]);
}

/// Asks its timers for what is left when it is dropped.
struct Asks {
    timers: Vec<Timer>,
    told: std::sync::mpsc::Sender<Vec<Option<Duration>>>,
}

#[genserver]
impl Asks {
    #[init]
    fn init(told: std::sync::mpsc::Sender<Vec<Option<Duration>>>, cx: &mut Context<Self>) -> Self {
        let own = cx.client();
        let timers = vec![own.tick().send_after(ms(10)), own.tick().send_every(ms(10))];
        Self { timers, told }
    }

    #[info]
    fn tick(&self) {}
}

impl Drop for Asks {
    fn drop(&mut self) {
        let left = self.timers.iter().map(Timer::left);
        let cancelled = self.timers.iter().map(Timer::cancel);
        self.told.send(left.chain(cancelled).collect()).unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn r389_the_timers_of_a_process_that_is_dead_have_nothing_left() {
    let (tell, told) = std::sync::mpsc::channel();
    for killed in [false, true] {
        let asks = Asks::start(tell.clone()).await.unwrap();
        if killed {
            asks.kill();
            asks.monitor().await;
        } else {
            asks.stop().await.unwrap();
        }
        assert_eq!(told.recv().unwrap(), [None; 4], "{killed}");
    }
}
