//! What servers and supervisors measure, as a recorder hears it: the feature `metrics`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit, with_local_recorder,
};
use suptree::TrySendError;
use suptree::prelude::*;
use tokio::sync::oneshot;

const SECOND: Duration = Duration::from_secs(1);

/// Keeps what it hears, by the names of what is measured and of the server.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<BTreeMap<Of, Vec<f64>>>>);

/// The names of what is measured and of the server.
type Of = (String, String);

/// One meter.
struct Meter {
    heard: Heard,
    key: Of,
}

impl Heard {
    fn meter(&self, key: &Key) -> Arc<Meter> {
        let label = |wanted: &str| {
            let found = key.labels().find(|label| label.key() == wanted);
            found.map(|label| label.value().to_owned()).unwrap()
        };
        assert!(label("server").starts_with("metrics::"), "{key}");
        Arc::new(Meter {
            heard: self.clone(),
            key: (key.name().to_owned(), label("name")),
        })
    }

    fn values(&self, what: &str, of: &str) -> Vec<f64> {
        let heard = self.0.lock().unwrap();
        let key = (what.to_owned(), of.to_owned());
        heard.get(&key).cloned().unwrap_or_default()
    }

    fn sum(&self, what: &str, of: &str) -> f64 {
        self.values(what, of).iter().sum()
    }
}

impl Meter {
    fn note(&self, value: f64) {
        let mut heard = self.heard.0.lock().unwrap();
        heard.entry(self.key.clone()).or_default().push(value);
    }
}

impl CounterFn for Meter {
    fn increment(&self, value: u64) {
        self.note(f64::from(u32::try_from(value).unwrap()));
    }

    fn absolute(&self, _value: u64) {
        unreachable!("counters are incremented");
    }
}

impl GaugeFn for Meter {
    fn increment(&self, value: f64) {
        self.note(value);
    }

    fn decrement(&self, value: f64) {
        self.note(-value);
    }

    fn set(&self, _value: f64) {
        unreachable!("gauges go up and down");
    }
}

impl HistogramFn for Meter {
    fn record(&self, value: f64) {
        self.note(value);
    }
}

impl Recorder for Heard {
    fn describe_counter(&self, key: KeyName, unit: Option<Unit>, _text: SharedString) {
        self.describe(&key, unit);
    }

    fn describe_gauge(&self, key: KeyName, unit: Option<Unit>, _text: SharedString) {
        self.describe(&key, unit);
    }

    fn describe_histogram(&self, key: KeyName, unit: Option<Unit>, _text: SharedString) {
        self.describe(&key, unit);
    }

    fn register_counter(&self, key: &Key, _metadata: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.meter(key))
    }

    fn register_gauge(&self, key: &Key, _metadata: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.meter(key))
    }

    fn register_histogram(&self, key: &Key, _metadata: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.meter(key))
    }
}

impl Heard {
    fn describe(&self, key: &KeyName, unit: Option<Unit>) {
        let unit = unit.expect("a unit").as_str().to_owned();
        let mut heard = self.0.lock().unwrap();
        let before = heard.insert((key.as_str().to_owned(), unit), Vec::new());
        assert!(before.is_none(), "{} is described once", key.as_str());
    }
}

#[derive(Default)]
struct Desk;

#[genserver(name = "desk", mailbox = 2, full = drop_oldest)]
impl Desk {
    #[call]
    fn now(&self) -> u32 {
        1
    }

    #[call]
    async fn later(&self, after: Duration) {
        tokio::time::sleep(after).await;
    }

    #[cast]
    async fn hold(&mut self, until: oneshot::Receiver<()>) {
        let _dropped = until.await;
    }

    #[cast]
    fn note(&mut self, _n: u32) {}

    #[cast]
    fn crash(&mut self) {
        panic!("on purpose");
    }
}

supervisor! { App(name = "app") { strategy: one_for_one, children: [Desk] } }

/// Runs this with a recorder, on one thread whose clock is paused.
fn recorded<F: Future<Output = ()>>(test: impl FnOnce(Heard) -> F) {
    let heard = Heard::default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    with_local_recorder(&heard, || runtime.block_on(test(heard.clone())));
}

const HANDLED: &str = "suptree_messages_handled_total";
const DROPPED: &str = "suptree_messages_dropped_total";
const WAITING: &str = "suptree_messages_waiting";
const QUEUED_FOR: &str = "suptree_message_queue_seconds";
const HANDLED_IN: &str = "suptree_message_handling_seconds";
const RESTARTS: &str = "suptree_restarts_total";

/// As long as this, to a millisecond.
fn lasts(values: &[f64], seconds: &[f64]) {
    let alike = values.len() == seconds.len()
        && values
            .iter()
            .zip(seconds)
            .all(|(value, seconds)| (value - seconds).abs() < 1e-3);
    assert!(alike, "{values:?}, and not {seconds:?}");
}

#[test]
fn r353_messages_are_counted_and_timed() {
    recorded(async |heard| {
        let desk = Desk::start().await.unwrap();
        // By a caller that runs the server in place, and by one that does not.
        let its = desk.clone();
        tokio::spawn(async move { its.now().await.unwrap() })
            .await
            .unwrap();
        desk.now().await.unwrap();
        assert_eq!(heard.sum(HANDLED, "desk"), 2.0);
        desk.later(2 * SECOND).await.unwrap();
        lasts(&heard.values(QUEUED_FOR, "desk"), &[0.0, 0.0, 0.0]);
        lasts(&heard.values(HANDLED_IN, "desk"), &[0.0, 0.0, 2.0]);

        let (open, until) = oneshot::channel();
        desk.hold(until).await.unwrap();
        while heard.values(QUEUED_FOR, "desk").len() < 4 {
            tokio::task::yield_now().await;
        }
        desk.note(1).await.unwrap();
        desk.note(2).await.unwrap();
        tokio::time::sleep(3 * SECOND).await;
        assert_eq!(heard.sum(WAITING, "desk"), 2.0);
        desk.note(3).await.unwrap();
        assert_eq!(
            (heard.sum(WAITING, "desk"), heard.sum(DROPPED, "desk")),
            (2.0, 1.0)
        );
        drop(open);
        tokio::time::sleep(SECOND).await;
        desk.now().await.unwrap();
        assert_eq!(
            (heard.sum(WAITING, "desk"), heard.sum(HANDLED, "desk")),
            (0.0, 7.0)
        );
        lasts(
            &heard.values(QUEUED_FOR, "desk")[3..],
            &[0.0, 3.0, 0.0, 0.0],
        );
        lasts(
            &heard.values(HANDLED_IN, "desk")[3..],
            &[3.0, 0.0, 0.0, 0.0],
        );
        desk.kill();
        assert_eq!(heard.sum(WAITING, "desk"), 0.0);
    });
}

#[test]
fn r353_nothing_waits_for_the_dead_and_restarts_are_counted() {
    recorded(async |heard| {
        let app = App::start_link().await.unwrap();
        let (_open, until) = oneshot::channel();
        app.desk().hold(until).await.unwrap();
        app.desk().note(1).await.unwrap();
        tokio::time::sleep(SECOND).await;
        assert_eq!(heard.sum(WAITING, "desk"), 1.0);
        assert_eq!(heard.sum(RESTARTS, "app"), 0.0);
        app.desk().kill();
        tokio::time::sleep(SECOND).await;
        assert_eq!(
            (heard.sum(WAITING, "desk"), heard.sum(RESTARTS, "app")),
            (0.0, 1.0)
        );
        app.desk().crash().await.unwrap();
        tokio::time::sleep(SECOND).await;
        assert_eq!(heard.sum(RESTARTS, "app"), 2.0);
        // What was begun counts, though it was broken off.
        assert_eq!(heard.sum(HANDLED, "desk"), 2.0);
        app.desk().now().await.unwrap();
        assert_eq!(heard.sum(HANDLED, "desk"), 3.0);
        app.stop().await.unwrap();
    });
}

#[derive(Default)]
struct Clock;

#[genserver(name = "clock")]
impl Clock {
    #[every(1s)]
    async fn tick(&self) {
        tokio::time::sleep(SECOND / 2).await;
    }

    #[info]
    fn once(&self) {}
}

/// What comes of timers, too.
#[test]
fn r388_the_ticks_of_a_timer_are_measured() {
    recorded(async |heard| {
        let clock = Clock::start().await.unwrap();
        clock.once().send_after(SECOND / 4);
        tokio::time::sleep(4 * SECOND - SECOND / 4).await;
        assert_eq!(heard.sum(HANDLED, "clock"), 4.0);
        assert_eq!(heard.sum(WAITING, "clock"), 0.0);
        lasts(&heard.values(HANDLED_IN, "clock"), &[0.0, 0.5, 0.5, 0.5]);
        suptree::sys::suspend(&clock).await.unwrap();
        tokio::time::sleep(3 * SECOND).await;
        assert_eq!(heard.sum(WAITING, "clock"), 1.0);
        clock.kill();
        clock.monitor().await;
        assert_eq!(heard.sum(WAITING, "clock"), 0.0);
    });
}

#[test]
fn r353_what_is_measured_is_described_with_its_unit() {
    let heard = Heard::default();
    with_local_recorder(&heard, suptree::metrics::describe);
    let described: Vec<_> = heard.0.lock().unwrap().keys().cloned().collect();
    let with = |name: &str, unit: &str| (name.to_owned(), unit.to_owned());
    let mut expected = vec![
        with(HANDLED, "count"),
        with(DROPPED, "count"),
        with(WAITING, "count"),
        with(QUEUED_FOR, "seconds"),
        with(HANDLED_IN, "seconds"),
        with(RESTARTS, "count"),
    ];
    expected.sort();
    assert_eq!(described, expected);
}

/// A recorder that panics whatever it hears.
struct Panics;

impl CounterFn for Panics {
    fn increment(&self, _value: u64) {
        panic!("on purpose");
    }

    fn absolute(&self, _value: u64) {
        panic!("on purpose");
    }
}

impl HistogramFn for Panics {
    fn record(&self, _value: f64) {
        panic!("on purpose");
    }
}

impl Recorder for Panics {
    fn describe_counter(&self, _key: KeyName, _unit: Option<Unit>, _text: SharedString) {
        panic!("on purpose");
    }

    fn describe_gauge(&self, _key: KeyName, _unit: Option<Unit>, _text: SharedString) {}

    fn describe_histogram(&self, _key: KeyName, _unit: Option<Unit>, _text: SharedString) {}

    fn register_counter(&self, _key: &Key, _metadata: &Metadata<'_>) -> Counter {
        Counter::from_arc(Arc::new(Self))
    }

    fn register_gauge(&self, _key: &Key, _metadata: &Metadata<'_>) -> Gauge {
        panic!("on purpose");
    }

    fn register_histogram(&self, _key: &Key, _metadata: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(Arc::new(Self))
    }
}

#[test]
fn r353_a_recorder_that_panics_harms_nobody() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    with_local_recorder(&Panics, || {
        suptree::metrics::describe();
        runtime.block_on(async {
            let app = App::start_link().await.unwrap();
            let first = app.desk().pid();
            for n in 0..10 {
                assert_eq!(app.desk().now().await, Ok(1));
                app.desk().note(n).await.unwrap();
            }
            assert_eq!(app.desk().pid(), first);
            app.stop().await.unwrap();
        });
    });
}

#[derive(Default)]
struct Till {
    kept: Option<ReplyTo<u32>>,
}

#[genserver(name = "till", mailbox = 1, deadlines)]
impl Till {
    #[call]
    fn ask(&mut self, reply: ReplyTo<u32>) {
        self.kept = Some(reply);
    }

    #[call(blocking)]
    fn block(&self) -> u32 {
        2
    }

    #[call(task)]
    fn beside(&self) -> impl Future<Output = u32> + Send + use<> {
        async {
            tokio::time::sleep(SECOND).await;
            3
        }
    }

    #[cast]
    async fn hold(&mut self, until: oneshot::Receiver<()>, cx: &mut Context<Self>) {
        let _dropped = until.await;
        cx.then().go_on();
    }

    #[handle_continue]
    fn go_on(&mut self) {
        self.kept = None;
    }

    #[cast]
    fn note(&mut self) {}

    #[cast]
    fn stop(&mut self, cx: &mut Context<Self>) {
        cx.stop(ExitReason::Normal);
    }
}

/// Whatever becomes of a message, in the end it is neither waiting nor handled twice.
#[test]
fn r353_what_is_given_up_or_left_out_waits_no_more() {
    recorded(async |heard| {
        let handled = || heard.sum(HANDLED, "till");
        let waiting = || heard.sum(WAITING, "till");
        let till = Till::start().await.unwrap();
        // A reply that comes later, a handler in a thread, and one that goes on beside the server.
        drop(tokio::time::timeout(SECOND, till.ask()).await);
        assert_eq!(till.block().await, Ok(2));
        assert_eq!(till.beside().await, Ok(3));
        assert_eq!((waiting(), handled()), (0.0, 3.0));

        // While it is busy: one call has room, and others wait for it. Each is given up.
        let (open, until) = oneshot::channel();
        till.hold(until).await.unwrap();
        while waiting() > 0.0 {
            tokio::task::yield_now().await;
        }
        let given_up = tokio::time::timeout(SECOND, async {
            tokio::join!(till.block(), till.block(), till.note())
        });
        assert!(given_up.await.is_err());
        let late = till.block().timeout(SECOND).await;
        assert!(matches!(late, Err(CallError::Timeout(_))), "{late:?}");
        assert_eq!(till.note().try_send(), Err(TrySendError::Full));
        drop(open);
        tokio::time::sleep(SECOND).await;
        // The one that holds, and what it goes on with; nobody waits for the calls.
        assert_eq!((waiting(), handled()), (0.0, 5.0));

        // What is queued when it stops, and what comes after.
        let (open, until) = oneshot::channel();
        till.hold(until).await.unwrap();
        tokio::time::sleep(SECOND).await;
        till.stop().await.unwrap();
        let (left, ()) = tokio::join!(till.note(), async {
            tokio::time::sleep(SECOND).await;
            drop(open);
        });
        assert_eq!(left, Err(CastError::NoProc));
        till.monitor().await;
        assert_eq!(till.note().await, Err(CastError::NoProc));
        assert_eq!((waiting(), handled()), (0.0, 8.0));
    });
}
