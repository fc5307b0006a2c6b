//! Handlers that block: `#[call(blocking)]`, `#[cast(blocking)]`, `#[info(blocking)]`.

use std::sync::mpsc;
use std::time::Duration;

use suptree::prelude::*;
use suptree::{Status, process_info};
use tokio::sync::oneshot;
use tokio::time::advance;

use crate::support::bomb::{Drops, Token};
use crate::support::{Oops, ms, oops, panic_text, poll_once, settle};

/// What a handler waits for, in its thread, after it has said that it is there.
struct Gate(oneshot::Sender<()>, mpsc::Receiver<()>);

/// The other side.
struct Key(Option<oneshot::Receiver<()>>, mpsc::Sender<()>);

fn gate() -> (Key, Gate) {
    let ((begun, is_begun), (open, opened)) = (oneshot::channel(), mpsc::channel());
    (Key(Some(is_begun), open), Gate(begun, opened))
}

impl Gate {
    fn pass(self) {
        let _ = self.0.send(());
        let _ = self.1.recv();
    }
}

impl Key {
    async fn begun(&mut self) {
        if let Some(begun) = self.0.take() {
            begun.await.unwrap();
        }
    }

    fn open(self) {
        let _ = self.1.send(());
    }
}

#[derive(Default)]
struct Press {
    log: Vec<String>,
    held: Option<Token>,
}

#[genserver]
impl Press {
    #[call(blocking)]
    fn squeeze(&mut self, what: &'static str, gate: Gate) -> (Pid, bool) {
        gate.pass();
        self.log.push(what.to_owned());
        (self_pid(), tokio::task::try_id().is_some())
    }

    #[cast(blocking)]
    fn press(&mut self, what: &'static str, gate: Gate) -> Result<(), Oops> {
        gate.pass();
        self.log.push(what.to_owned());
        if what == "wrong" {
            return Err(Oops("wrong"));
        }
        Ok(())
    }

    #[info(blocking)]
    fn pressed(&mut self, what: &'static str) {
        self.log.push(what.to_owned());
    }

    #[call(blocking)]
    fn breaks(&mut self, held: ReplyTo<u8>) {
        let _held = held;
        panic!("the press breaks");
    }

    #[call(blocking)]
    fn stops(&mut self, cx: &mut Context<Self>) -> u8 {
        cx.stop(oops("done"));
        7
    }

    #[call(blocking)]
    fn goes_on(&mut self, cx: &mut Context<Self>) {
        cx.then().next();
    }

    #[handle_continue]
    fn next(&mut self) {
        self.log.push("next".to_owned());
    }

    #[call]
    fn hold(&mut self, held: Token) {
        self.held = Some(held);
    }

    #[call]
    fn log(&self) -> Vec<String> {
        self.log.clone()
    }
}

async fn start() -> (PressClient, Drops) {
    let (press, drops) = (Press::start().await.unwrap(), Drops::default());
    press.hold(drops.token()).await.unwrap();
    (press, drops)
}

#[tokio::test(start_paused = true)]
async fn r345_a_handler_that_blocks_leaves_the_only_worker_free() {
    let (press, _) = start().await;
    let other = Press::start().await.unwrap();
    let (mut key, gate) = gate();
    let mut call = press.squeeze("first", gate).owned();
    assert!(poll_once(&mut call).is_pending());
    key.begun().await;
    // Others are answered; who calls the server waits for its turn.
    assert_eq!(other.log().await.unwrap().len(), 0);
    assert_eq!(
        process_info(press.pid().unwrap()).unwrap().status,
        Status::Running
    );
    press.pressed("second").await.unwrap();
    let mut log = press.log().owned();
    assert!(poll_once(&mut log).is_pending());
    settle().await;
    assert!(poll_once(&mut log).is_pending() && poll_once(&mut call).is_pending());
    key.open();
    let (pid, _) = call.await.unwrap();
    assert_eq!(Some(pid), press.pid());
    assert_eq!(log.await.unwrap(), ["first", "second"]);
}

#[tokio::test(start_paused = true)]
async fn r345_order_is_kept_between_handlers_that_block_and_others() {
    let (press, _) = start().await;
    for what in ["a", "b", "c"] {
        let (key, gate) = gate();
        key.open();
        press.press(what, gate).await.unwrap();
        press.pressed(what).await.unwrap();
    }
    assert_eq!(press.log().await.unwrap(), ["a", "a", "b", "b", "c", "c"]);
    press.goes_on().await.unwrap();
    assert_eq!(press.log().await.unwrap().last().unwrap(), "next");
    assert_eq!(press.info().unwrap().handled, 11);
}

#[tokio::test(start_paused = true)]
async fn r345_what_a_handler_that_blocks_comes_to_is_as_of_any_other() {
    let (press, drops) = start().await;
    let end = press.monitor();
    let Err(CallError::Exited(reason)) = press.breaks().await else {
        panic!("it ends the server")
    };
    assert_eq!(panic_text(&reason), "the press breaks");
    assert_eq!((end.await.reason, drops.count()), (reason, 1));

    let (press, _) = start().await;
    let end = press.monitor();
    assert_eq!(press.stops().await, Ok(7));
    assert_eq!(end.await.reason, oops("done"));

    let (press, _) = start().await;
    let end = press.monitor();
    let (key, gate) = gate();
    key.open();
    press.press("wrong", gate).await.unwrap();
    assert_eq!(end.await.reason, oops("wrong"));
}

#[tokio::test(start_paused = true)]
async fn r346_a_kill_takes_effect_when_the_handler_returns() {
    let (press, drops) = start().await;
    let (mut key, gate) = gate();
    let mut call = press.squeeze("first", gate).owned();
    assert!(poll_once(&mut call).is_pending());
    press.pressed("never").await.unwrap();
    key.begun().await;
    let mut end = press.monitor();
    press.kill();
    settle().await;
    assert!(poll_once(&mut end).is_pending());
    assert_eq!((drops.count(), press.is_alive()), (0, true));
    key.open();
    assert_eq!(end.await.reason, ExitReason::Killed);
    assert_eq!(drops.count(), 1);
    // It was answered before.
    call.await.unwrap();
}

supervisor! { Presses { strategy: one_for_one, children: [Press { shutdown: 100ms }] } }

#[tokio::test(start_paused = true)]
async fn r346_d17_a_server_whose_handler_blocks_is_let_go_when_the_grace_is_over() {
    let presses = Presses::start_link().await.unwrap();
    let press = presses.press().bound().unwrap();
    let press: PressClient = press.into();
    let drops = Drops::default();
    press.hold(drops.token()).await.unwrap();
    let (mut key, gate) = gate();
    let mut call = press.squeeze("first", gate).owned();
    assert!(poll_once(&mut call).is_pending());
    key.begun().await;
    let end = press.monitor();
    let stopping = tokio::spawn(presses.stop());
    settle().await;
    advance(ms(101)).await;
    settle().await;
    assert!(!stopping.is_finished());
    advance(Duration::from_secs(1)).await;
    stopping.await.unwrap().unwrap();
    assert_eq!(end.await.reason, ExitReason::Killed);
    assert_eq!(call.await, Err(CallError::Exited(ExitReason::Killed)));
    assert_eq!(drops.count(), 0);
    let (dropped, is_dropped) = oneshot::channel::<()>();
    let _watch = dropped;
    key.open();
    drop(is_dropped);
}

/// Says when it is dropped, from whichever thread.
struct Tells(Option<oneshot::Sender<()>>);

impl Drop for Tells {
    fn drop(&mut self) {
        let _ = self.0.take().map(|told| told.send(()));
    }
}

struct Holds(#[expect(dead_code, reason = "it tells when it is dropped")] Tells);

#[genserver]
impl Holds {
    #[init]
    fn init(tells: Tells) -> Self {
        Self(tells)
    }

    #[call(blocking)]
    fn block(&mut self, gate: Gate) {
        gate.pass();
    }
}

fn runtime(threads: usize) -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let builder = builder.worker_threads(1).max_blocking_threads(threads);
    builder.enable_all().build().unwrap()
}

#[tokio::test]
async fn r346_a_runtime_that_shuts_down_ends_the_servers_whose_handlers_block() {
    let own = runtime(1);
    let ((told, is_told), (later_told, is_later_told)) = (oneshot::channel(), oneshot::channel());
    let start = |tells| {
        let start = Holds::start(Tells(Some(tells)));
        own.spawn(start.into_future())
    };
    let server = start(told).await.unwrap().unwrap();
    let waiting = start(later_told).await.unwrap().unwrap();
    let (mut key, first) = gate();
    let mut call = server.block(first).no_timeout().owned();
    assert!(poll_once(&mut call).is_pending());
    key.begun().await;
    // There is one thread for such, so this one waits for it. A worker that ends with its runtime may take it up all the same.
    let (late_key, second) = gate();
    let mut late = waiting.block(second).no_timeout().owned();
    assert!(poll_once(&mut late).is_pending());
    let (end, late_end) = (server.monitor(), waiting.monitor());
    own.shutdown_background();
    late_key.open();
    // The one that waits ends, and is dropped; of the other everybody is told.
    is_later_told.await.unwrap();
    for reason in [end.await.reason, late_end.await.reason] {
        assert!(matches!(reason, ExitReason::ShutdownWith(_)), "{reason}");
    }
    assert!(matches!(call.await, Err(CallError::Exited(_))));
    assert!(matches!(late.await, Ok(()) | Err(CallError::Exited(_))));
    key.open();
    is_told.await.unwrap();
}

#[tokio::test]
async fn r346_a_handler_that_waits_for_a_thread_does_not_begin_when_its_server_is_killed() {
    let own = runtime(1);
    let start = || own.spawn(Holds::start(Tells(None)).into_future());
    let server = start().await.unwrap().unwrap();
    let waiting = start().await.unwrap().unwrap();
    let (mut key, first) = gate();
    let mut call = server.block(first).no_timeout().owned();
    assert!(poll_once(&mut call).is_pending());
    key.begun().await;
    // There is one thread for such, so this one waits for it.
    let (late_key, second) = gate();
    let mut late = waiting.block(second).no_timeout().owned();
    assert!(poll_once(&mut late).is_pending());
    let end = waiting.monitor();
    waiting.kill();
    key.open();
    call.await.unwrap();
    assert_eq!(end.await.reason, ExitReason::Killed);
    assert!(matches!(
        late.await,
        Err(CallError::Exited(ExitReason::Killed))
    ));
    assert!(late_key.0.unwrap().await.is_err(), "it has begun");
    own.shutdown_background();
}

#[tokio::test]
async fn r345_callers_on_other_runtimes_are_answered() {
    let own = runtime(4);
    let press = own
        .spawn(Press::start().into_future())
        .await
        .unwrap()
        .unwrap();
    let calls = (0..20).map(|_| {
        let (key, gate) = gate();
        key.open();
        press.squeeze("x", gate).owned()
    });
    let all = futures_util::future::join_all(calls).await;
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(press.log().await.unwrap().len(), 20);
    own.shutdown_background();
}

// ===== blocking work that a handler starts itself =====

#[derive(Default)]
struct Careful;

#[genserver]
impl Careful {
    #[call]
    async fn divide(&self, a: u32, b: u32) -> Result<u32, String> {
        let work = tokio::task::spawn_blocking(move || a / b);
        work.await.map_err(|error| error.to_string())
    }

    #[cast]
    async fn must_divide(&self, a: u32, b: u32) -> Result<(), tokio::task::JoinError> {
        tokio::task::spawn_blocking(move || a / b).await.map(drop)
    }
}

#[tokio::test]
async fn r25_a_panic_in_blocking_work_is_the_error_of_the_handler_that_started_it() {
    let careful = Careful::start().await.unwrap();
    assert_eq!(careful.divide(6, 3).await, Ok(Ok(2)));
    let error = careful.divide(1, 0).await.unwrap().unwrap_err();
    assert!(error.contains("divide by zero"), "{error}");
    assert!(careful.is_alive());
    let end = careful.monitor();
    careful.must_divide(1, 0).await.unwrap();
    assert!(end.await.reason.to_string().contains("divide by zero"));
}
