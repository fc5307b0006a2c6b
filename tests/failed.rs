//! Calls and casts as futures, and what comes back with one that failed.

use std::error::Error;
use std::io;
use std::time::Duration;

use suptree::prelude::*;
use suptree::{TrySendError, exit, monitor};
use tokio::sync::oneshot;

use crate::support::bomb::{Drops, Token};
use crate::support::ms;

#[derive(Default)]
struct Desk {
    heard: Vec<String>,
}

#[genserver(name = "desk", mailbox = 1)]
impl Desk {
    #[call]
    fn ask(&mut self, text: String, times: usize) -> usize {
        self.heard.push(text.repeat(times));
        self.heard.len()
    }
    #[call]
    fn count(&self) -> usize {
        self.heard.len()
    }
    #[cast]
    async fn hold(&mut self, gate: oneshot::Receiver<()>) {
        let _opened = gate.await;
    }
    #[cast]
    fn tell(&mut self, text: String) {
        self.heard.push(text);
    }
    #[info]
    fn take(&mut self, token: Token) {
        drop(token);
    }
    #[cast]
    async fn ask_yourself(&mut self) {
        let error = Self::named().ask("me", 2).keep_args().await.unwrap_err();
        assert_eq!(error, CallError::CallingSelf);
        self.heard.extend(error.into_args().map(|(text, _)| text));
    }
    #[cast]
    async fn ask_nobody(&mut self) -> Result<(), ExitReason> {
        let nobody = DeskClient::from(ServerRef::named(Name::from_static("nobody")));
        nobody.ask("anyone?", 1).keep_args().await?;
        Ok(())
    }
    #[call]
    fn fail(&mut self, cx: &mut Context<Self>, reply: ReplyTo<()>) {
        cx.stop(io::Error::other("no paper").into());
        drop(reply);
    }
}

/// A desk whose handler waits, and whose mailbox is full.
async fn full() -> (DeskClient, oneshot::Sender<()>) {
    let desk = Desk::start().await.unwrap();
    let (open, gate) = oneshot::channel();
    desk.hold(gate).await.unwrap();
    tokio::task::yield_now().await;
    desk.tell("first").await.unwrap();
    (desk, open)
}

#[tokio::test]
async fn a_message_to_nobody_comes_back() {
    let desk = Desk::named();
    let error = desk.ask("hello", 3).keep_args().await.unwrap_err();
    assert_eq!(error, CallError::NoProc);
    assert_eq!(error.into_args(), Some(("hello".to_owned(), 3)));
    let error = desk.tell("hello").keep_args().await.unwrap_err();
    assert_eq!(error, CastError::NoProc);
    assert_eq!(error.into_args().as_deref(), Some("hello"));
    let error = desk.tell("hello").keep_args().try_send().unwrap_err();
    assert_eq!(error, TrySendError::NoProc);
    assert_eq!(error.into_args().as_deref(), Some("hello"));
    assert_eq!(
        desk.count().keep_args().await.unwrap_err().into_args(),
        Some(())
    );

    // Of a process that was there, too.
    let dead = Desk::start().await.unwrap();
    dead.stop().await.unwrap();
    let error = dead.ask("hello", 1).keep_args().await.unwrap_err();
    assert_eq!(error.into_args(), Some(("hello".to_owned(), 1)));
}

#[tokio::test]
async fn a_message_to_oneself_comes_back() {
    let desk = Desk::start().await.unwrap();
    desk.ask_yourself().await.unwrap();
    assert_eq!(desk.ask("you", 1).await, Ok(2));
}

#[tokio::test(start_paused = true)]
async fn a_message_that_finds_no_room_comes_back() {
    let (desk, open) = full().await;
    let error = desk.tell("second").keep_args().try_send().unwrap_err();
    assert_eq!(error, TrySendError::Full);
    assert_eq!(error.into_args().as_deref(), Some("second"));
    let error = desk
        .tell("third")
        .timeout(ms(20))
        .keep_args()
        .await
        .unwrap_err();
    assert_eq!(error, CastError::Timeout(ms(20)));
    assert_eq!(error.into_args().as_deref(), Some("third"));
    let error = desk
        .ask("fourth", 2)
        .timeout(ms(30))
        .keep_args()
        .await
        .unwrap_err();
    assert_eq!(error, CallError::Timeout(ms(30)));
    assert_eq!(error.into_args(), Some(("fourth".to_owned(), 2)));
    drop(open);
    assert_eq!(desk.count().await, Ok(1));
}

/// A server that dies while a call waits for room: the call never entered, and comes back with the reason.
#[tokio::test(start_paused = true)]
async fn a_call_that_waits_for_room_comes_back_when_the_server_dies() {
    let (desk, _open) = full().await;
    let asking = tokio::spawn(desk.ask("hello", 1).owned().keep_args());
    tokio::task::yield_now().await;
    desk.kill();
    let error = asking.await.unwrap().unwrap_err();
    assert_eq!(error, CallError::Exited(ExitReason::Killed));
    assert_eq!(error.into_args(), Some(("hello".to_owned(), 1)));
}

/// What has entered the mailbox may still be handled: nothing comes back.
#[tokio::test(start_paused = true)]
async fn a_message_that_was_sent_does_not_come_back() {
    let desk = Desk::start().await.unwrap();
    let (open, gate) = oneshot::channel();
    desk.hold(gate).await.unwrap();
    let error = desk
        .ask("hello", 1)
        .timeout(ms(20))
        .keep_args()
        .await
        .unwrap_err();
    assert_eq!(error, CallError::Timeout(ms(20)));
    assert_eq!(error.into_args(), None);
    drop(open);
    assert_eq!(desk.count().await, Ok(1));
}

#[tokio::test(start_paused = true)]
async fn a_cast_without_a_timeout_waits_for_room() {
    let (desk, open) = full().await;
    let telling = tokio::spawn(desk.tell("second").no_timeout().owned());
    tokio::time::sleep(Duration::from_secs(3600)).await;
    assert!(!telling.is_finished());
    drop(open);
    assert_eq!(telling.await.unwrap(), Ok(()));
    assert_eq!(desk.count().await, Ok(2));
}

/// A failure drops the arguments that nobody takes, and a destructor that panics stops there.
#[tokio::test]
async fn arguments_that_nobody_takes_are_dropped_guarded() {
    let drops = Drops::default();
    let desk = Desk::named();
    assert_eq!(desk.take(drops.bomb()).await, Err(CastError::NoProc));
    assert_eq!(
        desk.take(drops.bomb()).try_send(),
        Err(TrySendError::NoProc)
    );
    drop(desk.take(drops.bomb()).keep_args().await);
    assert_eq!(drops.count(), 3);
    let drops = Drops::default();
    drop(desk.take(drops.bomb()).keep_args().await);
    assert_eq!(drops.count(), 1);
    let plain = CastError::from(desk.take(drops.bomb()).keep_args().await.unwrap_err());
    assert_eq!((plain, drops.count()), (CastError::NoProc, 2));
    let token = desk
        .take(drops.token())
        .keep_args()
        .await
        .unwrap_err()
        .into_args();
    assert_eq!(drops.count(), 2);
    drop(token);
    assert_eq!(drops.count(), 3);
}

#[tokio::test]
async fn a_call_is_a_future() {
    let desk = Desk::start().await.unwrap();
    // As it is, borrowed from the client.
    let (first, second) = tokio::join!(desk.ask("a", 1), desk.tell("b"));
    assert!(first.is_ok() && second.is_ok());
    tokio::select! {
        count = desk.count() => assert!(count.is_ok()),
        _ = std::future::pending::<()>() => unreachable!(),
    }
    // Moved between polls, since nothing in it is pinned.
    let mut call = desk.count();
    assert!((&mut call).await.is_ok());
    // Without the client.
    let calls: Vec<_> = (0..3)
        .map(|_| tokio::spawn(desk.clone().count().owned()))
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap(), Ok(2));
    }
}

/// Unless the arguments are to be kept, the error is one to match on.
#[tokio::test]
async fn the_error_of_a_call_is_a_plain_one() {
    let asked = Desk::named().ask("hello", 1).await;
    assert!(matches!(asked, Err(CallError::NoProc)));
    let told = Desk::named().tell("hello").await;
    assert!(matches!(told, Err(CastError::NoProc)));
    let tried = Desk::named().tell("hello").try_send();
    assert!(matches!(tried, Err(TrySendError::NoProc)));
}

/// So is that of one that was kept: it compares, shows and converts as the plain one.
#[tokio::test]
async fn a_failure_is_the_plain_error() {
    let error = Desk::named().ask("hello", 1).keep_args().await.unwrap_err();
    assert_eq!(error.to_string(), CallError::NoProc.to_string());
    assert_eq!(format!("{error:?}"), "NoProc");
    assert!(matches!(*error, CallError::NoProc));
    // Its text stands once in the chain.
    assert!(error.source().is_none());
    fn shared<T: Send + Sync + 'static>(_: &T) {}
    shared(&error);
    async fn plain() -> Result<usize, CallError> {
        Ok(Desk::named().ask("hello", 1).keep_args().await?)
    }
    assert_eq!(plain().await, Err(CallError::NoProc));
    async fn boxed() -> Result<usize, Box<dyn Error + Send + Sync>> {
        Ok(Desk::named().ask("hello", 1).keep_args().await?)
    }
    assert_eq!(boxed().await.unwrap_err().to_string(), error.to_string());
}

/// A server that passes a failure on ends with the plain error, whatever the arguments were.
#[tokio::test]
async fn the_plain_error_is_found_in_an_exit_reason() {
    let desk = Desk::start().await.unwrap();
    let down = monitor(desk.pid().unwrap());
    desk.ask_nobody().await.unwrap();
    let reason = down.await.reason;
    assert_eq!(reason.downcast_ref(), Some(&CallError::NoProc));
    assert_eq!(reason.downcast_ref::<CastError>(), None);
    assert!(reason.downcast_ref::<io::Error>().is_none());
}

#[tokio::test]
async fn errors_carry_their_cause() {
    let desk = Desk::start().await.unwrap();
    let error = desk.fail().keep_args().await.unwrap_err();
    let source = error.source().expect("the server's error");
    assert_eq!(source.to_string(), "no paper");
    assert!(error.downcast_ref::<io::Error>().is_some());
    assert!(error.downcast_ref::<CallError>().is_none());

    // A stop that ended otherwise.
    let desk = Desk::start().await.unwrap();
    let (_open, gate) = oneshot::channel();
    desk.hold(gate).await.unwrap();
    tokio::task::yield_now().await;
    let stopping = tokio::spawn(desk.stop());
    tokio::task::yield_now().await;
    exit(desk.pid().unwrap(), io::Error::other("no ink").into());
    let error = stopping.await.unwrap().unwrap_err();
    assert!(error.downcast_ref::<io::Error>().is_some());
    assert_eq!(error.source().unwrap().to_string(), "no ink");
}

/// An error that has a cause.
#[derive(Debug)]
struct Because(io::Error);

impl std::fmt::Display for Because {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "because of {}", self.0)
    }
}

impl Error for Because {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

/// The cause of an error is not the error that a process ended with.
#[test]
fn an_exit_reason_is_not_taken_for_its_cause() {
    let reason = ExitReason::from(Because(io::Error::other("no paper")));
    assert!(reason.downcast_ref::<Because>().is_some());
    assert!(reason.downcast_ref::<io::Error>().is_none());

    let reason = ExitReason::from(CallError::Exited(io::Error::other("no ink").into()));
    assert!(reason.downcast_ref::<CallError>().is_some());
    assert!(reason.downcast_ref::<io::Error>().is_none());
}

/// A call as a hand-written message: its reply handle comes back with it.
struct Ask(ReplyTo<()>);

struct Hand;

impl GenServer for Hand {
    type Args = ();
    type Call = Ask;
    type Cast = oneshot::Receiver<()>;
    type Info = suptree::NoMessage;
    type Client = ServerRef<Self>;

    const OPTIONS: suptree::ServerOptions =
        suptree::ServerOptions::new().mailbox(suptree::Mailbox::Bounded(1));

    async fn init((): (), _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
        Ok(Self)
    }

    async fn handle_cast(
        &mut self,
        gate: oneshot::Receiver<()>,
        _cx: &mut Context<Self>,
    ) -> Result<(), ExitReason> {
        let _opened = gate.await;
        Ok(())
    }
}

/// Nobody waits for the reply of a call that came back, whatever it was refused for.
#[tokio::test(start_paused = true)]
async fn a_reply_handle_that_comes_back_is_closed() {
    let hand = suptree::start::<Hand>(()).await.unwrap();
    let (_open, gate) = oneshot::channel();
    hand.cast(gate).await.unwrap();
    tokio::task::yield_now().await;
    let (_open, queued) = oneshot::channel();
    hand.cast(queued).await.unwrap();

    let error = hand
        .call_with(Ask)
        .timeout(ms(20))
        .keep_args()
        .await
        .unwrap_err();
    assert_eq!(error, CallError::Timeout(ms(20)));
    let Ask(reply) = error.into_args().expect("there was no room for it");
    assert!(reply.is_closed());

    hand.kill();
    hand.monitor().await;
    let error = hand.call_with(Ask).keep_args().await.unwrap_err();
    assert_eq!(error, CallError::NoProc);
    let Ask(reply) = error.into_args().expect("there is nobody to send it to");
    assert!(reply.is_closed());
}
