//! Handlers that are tested alone, by `Context::for_test` and `ReplyTo::for_test`.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, Waker};
use std::time::Duration;

use suptree::Recorded::{Continue, Send, SendAfter, SendEvery, Stop};
use suptree::prelude::*;
use suptree::{TestContext, Timer, TrySendError, self_pid, try_self_pid};

const MINUTE: Duration = Duration::from_secs(60);

#[derive(Default)]
struct Notes {
    noted: Vec<u32>,
    timer: Option<Timer>,
    replies: Vec<ReplyTo<u32>>,
    held: Option<Arc<()>>,
}

#[genserver(name = "notes of a test", last_message)]
impl Notes {
    #[init]
    fn init(first: u32, cx: &mut Context<Self>) -> Self {
        cx.then().load(first);
        cx.then().load(first + 1);
        Self::default()
    }

    #[handle_continue]
    async fn load(&mut self, n: u32) {
        tokio::task::yield_now().await;
        self.noted.push(n);
    }

    #[call]
    fn open(&mut self, n: u32, cx: &mut Context<Self>) -> usize {
        self.timer = Some(cx.client().note(n).send_after(MINUTE));
        cx.client().note(n + 1).send_every(2 * MINUTE);
        self.noted.len()
    }

    #[call]
    fn close(&mut self) -> Option<Duration> {
        self.timer.take()?.cancel()
    }

    #[call]
    fn wait(&mut self, reply: ReplyTo<u32>) {
        self.replies.push(reply);
    }

    #[call]
    fn leave(&mut self, reply: ReplyTo<u32>, cx: &mut Context<Self>) {
        cx.stop(ExitReason::Shutdown);
        cx.reply(reply, 1);
    }

    #[cast]
    fn note(&mut self, n: u32) {
        self.noted.push(n);
    }

    #[cast]
    fn twice(&mut self, n: u32, cx: &mut Context<Self>) -> Result<(), TrySendError> {
        cx.then().load(n);
        cx.client().note(n).try_send()?;
        cx.client().note(n + 1).try_send()
    }

    #[cast]
    async fn ask_itself(&mut self, cx: &mut Context<Self>) {
        assert_eq!(self_pid(), cx.pid());
        let asked = cx.client().close().await;
        assert_eq!(asked, Err(CallError::CallingSelf));
        assert_eq!(self_pid(), cx.pid());
        self.noted.push(0);
    }

    #[info]
    fn hold(&mut self, held: Arc<()>) {
        self.held = Some(held);
    }

    #[cast]
    fn fail(&mut self) -> Result<(), &'static str> {
        Err("refused")
    }

    #[cast]
    fn panic(&mut self) {
        panic!("on purpose");
    }
}

fn send(message: &str) -> suptree::Recorded {
    Send(message.into())
}

/// What becomes of a future that does not wait, without a runtime.
fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut TaskContext::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits"),
    }
}

fn tested() -> (TestContext<Notes>, Notes) {
    (Context::for_test(), Notes::default())
}

#[test]
fn r350_handlers_are_tested_without_a_runtime() {
    let mut cx = Context::for_test();
    let mut notes = Notes::init(7, &mut cx);
    assert_eq!(
        cx.recorded(),
        [Continue("load(7)".into()), Continue("load(8)".into())]
    );
    assert_eq!(notes.open(3, &mut cx), 0);
    let set = [
        SendAfter(MINUTE, "note(3)".into()),
        SendEvery(2 * MINUTE, "note(4)".into()),
    ];
    assert_eq!(cx.recorded(), set);
    assert_eq!(cx.recorded(), []);

    notes.twice(1, &mut cx).unwrap();
    let sent = [Continue("load(1)".into()), send("note(1)"), send("note(2)")];
    assert_eq!(cx.recorded(), sent);
    assert_eq!(notes.noted, []);
    assert_eq!(notes.close(), Some(MINUTE));
    assert_eq!(cx.parent(), None);
    assert!(cx.client().is_alive());
    assert!(Notes::whereis().is_none(), "nobody finds it by a name");
}

#[test]
fn r350_a_timer_that_was_cancelled_is_not_recorded() {
    let (mut cx, mut notes) = tested();
    notes.open(3, &mut cx);
    assert_eq!(notes.close(), Some(MINUTE));
    assert_eq!(cx.recorded(), [SendEvery(2 * MINUTE, "note(4)".into())]);
}

#[test]
fn r350_its_clock_goes_on_when_the_test_says_so() {
    let (mut cx, mut notes) = tested();
    notes.open(1, &mut cx);
    cx.advance(MINUTE / 2);
    assert_eq!(
        cx.recorded(),
        [
            SendAfter(MINUTE / 2, "note(1)".into()),
            SendEvery(2 * MINUTE, "note(2)".into())
        ]
    );
    cx.advance(MINUTE / 2);
    assert_eq!(cx.recorded(), [send("note(1)")]);
    assert_eq!(notes.close(), None, "it was sent");
    now(cx.run(&mut notes)).unwrap();
    assert_eq!(notes.noted, [1]);
    // Ticks that come while one waits are that one.
    cx.advance(4 * MINUTE);
    now(cx.run(&mut notes)).unwrap();
    assert_eq!(notes.noted, [1, 2]);
    cx.advance(MINUTE);
    now(cx.run(&mut notes)).unwrap();
    assert_eq!(notes.noted, [1, 2, 2]);
    cx.advance(2 * MINUTE - Duration::from_nanos(1));
    assert_eq!(cx.recorded().len(), 1, "the timer, which was set again");
    now(cx.run(&mut notes)).unwrap();
    assert_eq!(notes.noted, [1, 2, 2]);
}

#[tokio::test(start_paused = true)]
async fn r350_what_waits_is_handled_in_the_servers_order() {
    let mut cx = Context::for_test();
    let mut notes = Notes::init(7, &mut cx);
    notes.twice(1, &mut cx).unwrap();
    cx.client().note(3).await.unwrap();
    // Continues come before all that is queued.
    cx.run(&mut notes).await.unwrap();
    assert_eq!(notes.noted, [7, 8, 1, 1, 2, 3]);
    assert_eq!(cx.recorded(), []);

    cx.client().twice(5).await.unwrap();
    cx.client().note(9).await.unwrap();
    notes.noted.clear();
    cx.run(&mut notes).await.unwrap();
    assert_eq!(notes.noted, [5, 9, 5, 6]);
}

#[tokio::test]
async fn r350_handlers_run_as_their_server_where_the_test_runs_them() {
    let (mut cx, mut notes) = tested();
    cx.client().ask_itself().await.unwrap();
    cx.run(&mut notes).await.unwrap();
    assert_eq!(notes.noted, [0]);
    assert_eq!(try_self_pid(), None);
    // A caller elsewhere is answered.
    let client = cx.client();
    let asking = tokio::spawn(async move { client.close().await });
    while cx.recorded().is_empty() {
        tokio::task::yield_now().await;
    }
    cx.run(&mut notes).await.unwrap();
    assert_eq!(asking.await.unwrap(), Ok(None));
}

#[test]
fn r350_a_handler_that_would_end_the_server_ends_the_run() {
    let (mut cx, mut notes) = tested();
    cx.client().fail().try_send().unwrap();
    cx.client().note(1).try_send().unwrap();
    assert_eq!(now(cx.run(&mut notes)), Err("refused".into()));
    assert_eq!(now(cx.run(&mut notes)), Ok(()));
    assert_eq!(notes.noted, [1]);
    cx.client().panic().try_send().unwrap();
    let panicked = now(cx.run(&mut notes)).unwrap_err();
    assert!(panicked.to_string().contains("on purpose"), "{panicked}");

    let (reply, mut received) = ReplyTo::for_test();
    notes.leave(reply, &mut cx);
    assert_eq!(received.take(), None, "it comes after `terminate`");
    assert_eq!(cx.recorded(), [Stop(ExitReason::Shutdown)]);
    assert_eq!(received.take(), Some(Ok(1)));
    assert_eq!(now(cx.run(&mut notes)), Err(ExitReason::Shutdown));
}

#[tokio::test]
async fn r350_a_reply_handle_is_made_for_a_test() {
    let mut notes = Notes::default();
    let (reply, mut received) = ReplyTo::for_test();
    notes.wait(reply);
    assert_eq!(received.take(), None);
    notes.replies.pop().unwrap().send(5);
    assert_eq!(received.take(), Some(Ok(5)));
    assert_eq!(received.take(), None);

    let (reply, received) = ReplyTo::for_test();
    notes.wait(reply);
    assert!(!notes.replies[0].is_closed());
    drop(received);
    assert!(notes.replies[0].is_closed());
    notes.replies.clear();

    let (reply, received) = ReplyTo::for_test();
    notes.wait(reply);
    let (received, ()) = tokio::join!(received, async {
        tokio::task::yield_now().await;
        notes.replies.pop().unwrap().send(6);
    });
    assert_eq!(received, Ok(6));

    let (reply, received) = ReplyTo::<u32>::for_test();
    drop(reply);
    assert_eq!(received.await, Err(CallError::NoReply));
}

#[tokio::test(start_paused = true)]
async fn r350_a_reply_is_waited_for_as_long_as_it_takes() {
    let (reply, received) = ReplyTo::for_test();
    let replies = async {
        tokio::time::sleep(1_000 * MINUTE).await;
        reply.send(1);
    };
    assert_eq!(tokio::join!(received, replies).0, Ok(1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn r350_nothing_is_left_of_a_server_that_was_tested() {
    let held = Arc::new(());
    let (mut cx, mut notes) = tested();
    let client = cx.client();
    client.hold(Arc::clone(&held)).send_every(MINUTE);
    client.hold(Arc::clone(&held)).send_after(MINUTE);
    client.hold(Arc::clone(&held)).await.unwrap();
    assert_eq!(cx.recorded().len(), 3);
    client.hold(Arc::clone(&held)).await.unwrap();
    // A message that has a client of the server, which would keep itself.
    notes.open(1, &mut cx);
    let end = client.monitor();
    let pid = cx.pid();
    drop((cx, notes));
    assert_eq!(Arc::strong_count(&held), 1);
    assert!(!client.is_alive());
    assert_eq!(client.note(1).await, Err(CastError::NoProc));
    assert_eq!(end.await.pid, pid);
    assert!(suptree::process_info(pid).is_none());
}

#[test]
fn r350_many_servers_are_tested_one_after_the_other_and_at_once() {
    for _ in 0..1_000 {
        let (mut cx, mut notes) = tested();
        notes.twice(1, &mut cx).unwrap();
        assert_eq!(cx.recorded().len(), 3);
    }
    let mut all: Vec<_> = (0..100).map(|_| tested()).collect();
    for (cx, notes) in &mut all {
        notes.twice(1, cx).unwrap();
    }
    let counts = all.iter_mut().map(|(cx, _)| cx.recorded().len());
    assert_eq!(counts.sum::<usize>(), 300);
}
