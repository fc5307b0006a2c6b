//! What is refused comes back to its sender: by every way of sending, whatever it is refused for, and whatever its
//! destructor and its `Debug` do.

use std::fmt;
use std::pin::Pin;
use std::sync::mpsc;
use std::time::Duration;

use suptree::prelude::*;
use suptree::{Mailbox, NoMessage, ServerOptions, TrySendError};
use tokio::sync::oneshot;

use crate::support::{ms, poll_once, settle};

/// An argument that must not be dropped, nor shown, by anybody else.
struct Letter {
    number: u32,
    sealed: bool,
}

impl Letter {
    const fn new(number: u32) -> Self {
        Self {
            number,
            sealed: true,
        }
    }

    fn open(mut self) -> u32 {
        self.sealed = false;
        self.number
    }
}

impl Drop for Letter {
    fn drop(&mut self) {
        assert!(!self.sealed, "a letter was dropped");
    }
}

impl fmt::Debug for Letter {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("a letter was shown")
    }
}

#[derive(Default)]
struct Desk;

#[genserver(name = "desk of letters", mailbox = 1, last_message)]
impl Desk {
    #[call]
    fn ask(&mut self, letter: Letter, _note: String) -> u32 {
        letter.open()
    }
    #[call]
    async fn ask_begun(&mut self, letter: Letter, _note: String) -> u32 {
        letter.open()
    }
    #[call]
    fn ask_by_loop(&mut self, letter: Letter, _note: String, reply: ReplyTo<u32>) {
        reply.send(letter.open());
    }
    #[cast]
    fn tell(&mut self, letter: Letter, _note: String) {
        letter.open();
    }
    #[info]
    fn hear(&mut self, letter: Letter, _note: String) {
        letter.open();
    }
    #[cast]
    async fn hold(&mut self, gate: oneshot::Receiver<()>) {
        let _opened = gate.await;
    }
    #[cast]
    async fn send_to_itself(&mut self, told: mpsc::Sender<Vec<Sent>>, cx: &mut Context<Self>) {
        let own = DeskClient::from(cx.server());
        let (_open, gate) = oneshot::channel();
        let _full = own.hold(gate).try_send();
        told.send(come_back(&own, None, CallError::CallingSelf, CastError::Full).await)
            .unwrap();
    }
}

/// What a way of sending came to: its name, whether the error was the right one, and what came back.
type Sent = (&'static str, bool, Option<(u32, String)>);

type Sending = Pin<Box<dyn Future<Output = (bool, Option<(Letter, String)>)> + Send>>;

/// Every way of sending there is but `try_send`, without a timeout or with this one.
fn ways(
    desk: &DeskClient,
    timeout: Option<Duration>,
    call: &CallError,
    cast: &CastError,
) -> Vec<(&'static str, Sending)> {
    let note = || "as it was".to_owned();
    let mut ways: Vec<(&'static str, Sending)> = Vec::new();
    let mut number = 0;
    macro_rules! way {
        ($error:ident, $method:ident) => {{
            number += 1;
            let (wanted, desk) = ($error.clone(), desk.clone());
            let letter = Letter::new(number);
            let borrowed: Sending = Box::pin(async move {
                let sent = desk.$method(letter, note());
                let sent = match timeout {
                    Some(timeout) => sent.timeout(timeout),
                    None => sent.no_timeout(),
                };
                let failed = sent.keep_args().await.expect_err("it is refused");
                (failed == wanted, failed.into_args())
            });
            ways.push((stringify!($method), borrowed));
        }};
        ($error:ident, $method:ident, owned) => {{
            number += 1;
            let wanted = $error.clone();
            let sent = desk.$method(Letter::new(number), note());
            let sent = match timeout {
                Some(timeout) => sent.timeout(timeout),
                None => sent.no_timeout(),
            };
            let sent = sent.owned();
            let owned: Sending = Box::pin(async move {
                let failed = sent.keep_args().await.expect_err("it is refused");
                (failed == wanted, failed.into_args())
            });
            ways.push((concat!(stringify!($method), ", owned"), owned));
        }};
    }
    way!(call, ask);
    way!(call, ask, owned);
    way!(call, ask_begun);
    way!(call, ask_begun, owned);
    way!(call, ask_by_loop);
    way!(call, ask_by_loop, owned);
    way!(cast, tell);
    way!(cast, tell, owned);
    way!(cast, hear);
    way!(cast, hear, owned);
    ways
}

/// Sends by every way, all at once. What came back.
async fn come_back(
    desk: &DeskClient,
    timeout: Option<Duration>,
    call: CallError,
    cast: CastError,
) -> Vec<Sent> {
    let mut sent = Vec::new();
    let mut tasks = Vec::new();
    for (way, mut sending) in ways(desk, timeout, &call, &cast) {
        // As whoever this is; the rest of it, too.
        let early = poll_once(&mut sending);
        tasks.push((way, early, sending));
    }
    for (way, early, sending) in tasks {
        let (right, args) = match early {
            std::task::Poll::Ready(early) => early,
            std::task::Poll::Pending => sending.await,
        };
        sent.push((way, right, args.map(|(letter, note)| (letter.open(), note))));
    }
    sent
}

#[track_caller]
fn all_came_back(sent: Vec<Sent>) {
    assert_eq!(sent.len(), 10);
    for ((way, right, back), number) in sent.into_iter().zip(1..) {
        assert!(right, "{way}: another error");
        assert_eq!(back, Some((number, "as it was".to_owned())), "{way}");
    }
}

/// By `try_send`.
#[track_caller]
fn all_come_back_at_once(desk: &DeskClient, error: &TrySendError) {
    let note = || "as it was".to_owned();
    for sent in [
        desk.tell(Letter::new(7), note()).keep_args().try_send(),
        desk.hear(Letter::new(7), note()).keep_args().try_send(),
    ] {
        let failed = sent.expect_err("it is refused");
        assert_eq!(failed, *error);
        let (letter, note) = failed.into_args().expect("it comes back");
        assert_eq!((letter.open(), note.as_str()), (7, "as it was"));
    }
}

/// A desk whose handler waits, and whose mailbox is full.
async fn full() -> (DeskClient, [oneshot::Sender<()>; 2]) {
    let desk = Desk::start().await.unwrap();
    let (open, gate) = oneshot::channel();
    desk.hold(gate).await.unwrap();
    settle().await;
    let (next, gate) = oneshot::channel();
    desk.hold(gate).await.unwrap();
    (desk, [open, next])
}

#[tokio::test(start_paused = true)]
async fn r79_when_nobody_has_the_name() {
    let desk = Desk::named();
    all_came_back(come_back(&desk, None, CallError::NoProc, CastError::NoProc).await);
    all_come_back_at_once(&desk, &TrySendError::NoProc);
}

#[test]
fn r79_when_there_is_no_runtime() {
    let desk = Desk::named();
    let all = come_back(&desk, None, CallError::NoProc, CastError::NoProc);
    let std::task::Poll::Ready(all) = poll_once(&mut Box::pin(all)) else {
        panic!("there is nothing to wait for")
    };
    all_came_back(all);
    all_come_back_at_once(&desk, &TrySendError::NoProc);
}

#[tokio::test(start_paused = true)]
async fn r79_when_the_server_is_dead() {
    let desk = Desk::start().await.unwrap();
    desk.stop().await.unwrap();
    all_came_back(come_back(&desk, None, CallError::NoProc, CastError::NoProc).await);
    all_come_back_at_once(&desk, &TrySendError::NoProc);
}

#[tokio::test(start_paused = true)]
async fn r79_when_there_is_no_room_in_time() {
    let (desk, _open) = full().await;
    all_come_back_at_once(&desk, &TrySendError::Full);
    for time in [Duration::ZERO, ms(1), ms(50), Duration::from_secs(60)] {
        let (call, cast) = (CallError::Timeout(time), CastError::Timeout(time));
        all_came_back(come_back(&desk, Some(time), call, cast).await);
    }
}

#[tokio::test(start_paused = true)]
async fn r79_when_the_server_dies_while_they_wait_for_room() {
    for timeout in [None, Some(ms(50))] {
        let (desk, _open) = full().await;
        let sender = desk.clone();
        let killed = CallError::Exited(ExitReason::Killed);
        let sending =
            tokio::spawn(
                async move { come_back(&sender, timeout, killed, CastError::NoProc).await },
            );
        settle().await;
        desk.kill();
        all_came_back(sending.await.unwrap());
    }
}

/// The room that there is at last is promised to the first, when the server dies.
#[tokio::test(start_paused = true)]
async fn r79_when_the_server_dies_with_room_promised() {
    let (desk, [open, next]) = full().await;
    let exited = CallError::Exited(ExitReason::Killed);
    let mut all = ways(&desk, None, &exited, &CastError::NoProc);
    for (_, sending) in &mut all {
        assert!(poll_once(sending).is_pending());
    }
    open.send(()).unwrap();
    next.send(()).unwrap();
    settle().await;
    desk.kill();
    settle().await;
    let mut sent = Vec::new();
    for (way, sending) in all {
        let (right, args) = sending.await;
        sent.push((way, right, args.map(|(letter, note)| (letter.open(), note))));
    }
    all_came_back(sent);
}

#[tokio::test(start_paused = true)]
async fn r79_when_the_sender_is_the_server() {
    let desk = Desk::start().await.unwrap();
    let (tell, told) = mpsc::channel();
    desk.send_to_itself(tell).await.unwrap();
    settle().await;
    all_came_back(told.try_recv().unwrap());
}

/// Senders elsewhere wait for room when the server's runtime shuts down.
#[test]
fn r79_when_the_runtime_of_the_server_is_gone() {
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let (here, there) = (runtime(), runtime());
    let (desk, _open) = there.block_on(full());
    let gone = ExitReason::ShutdownWith("the runtime shut down".into());
    let mut all = ways(&desk, None, &CallError::Exited(gone), &CastError::NoProc);
    let _entered = here.enter();
    for (_, sending) in &mut all {
        assert!(poll_once(sending).is_pending());
    }
    drop(there);
    all_come_back_at_once(&desk, &TrySendError::NoProc);
    let sent = here.block_on(async {
        let mut sent = Vec::new();
        for (way, sending) in all {
            let (right, args) = sending.await;
            sent.push((way, right, args.map(|(letter, note)| (letter.open(), note))));
        }
        sent
    });
    all_came_back(sent);
    let all = come_back(&desk, None, CallError::NoProc, CastError::NoProc);
    all_came_back(here.block_on(all));
}

/// As above, for a call of a server written by hand: the message comes back as it is, and nobody waits for its reply.
#[tokio::test(start_paused = true)]
async fn r79_a_message_of_a_server_written_by_hand() {
    struct Hand;
    struct Ask(Letter, ReplyTo<()>);
    impl GenServer for Hand {
        type Args = ();
        type Call = Ask;
        type Cast = Letter;
        type Info = NoMessage;
        type Client = ServerRef<Self>;

        const OPTIONS: ServerOptions = ServerOptions::new().mailbox(Mailbox::Bounded(1));

        async fn init((): (), _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
            Ok(Self)
        }

        async fn handle_cast(
            &mut self,
            letter: Letter,
            _cx: &mut Context<Self>,
        ) -> Result<(), ExitReason> {
            letter.open();
            std::future::pending().await
        }
    }
    let open = |Ask(letter, reply)| {
        assert!(reply.is_closed());
        letter.open()
    };
    let hand = suptree::start::<Hand>(()).await.unwrap();
    hand.cast(Letter::new(1)).await.unwrap();
    settle().await;
    hand.cast(Letter::new(2)).await.unwrap();

    let asked = hand.call_with(|reply| Ask(Letter::new(3), reply));
    let failed = asked.timeout(ms(1)).keep_args().await.unwrap_err();
    assert_eq!(failed.into_args().map(open), Some(3));
    let failed = hand
        .cast(Letter::new(4))
        .keep_args()
        .try_send()
        .unwrap_err();
    assert_eq!(failed.into_args().map(Letter::open), Some(4));
    let waits = hand
        .call_with(|reply| Ask(Letter::new(5), reply))
        .no_timeout();
    let waits = tokio::spawn(waits.owned().keep_args());
    settle().await;
    hand.kill();
    let failed = waits.await.unwrap().unwrap_err();
    assert_eq!(failed.into_args().map(open), Some(5));
    let asked = hand.call_with(|reply| Ask(Letter::new(6), reply));
    let failed = asked.keep_args().await.unwrap_err();
    assert_eq!(failed.into_args().map(open), Some(6));
}
