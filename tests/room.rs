//! Waiting for room: one line for all senders of a mailbox, first come, first served.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context as TaskContext, Poll, Wake, Waker};
use std::time::Duration;

use suptree::{CallError, CastError, Name, TrySendError};
use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::support::{
    Act, Boxed, Kind, Log, Plain, Probe, Script, Server, Tiny, act, act_async, does, does_async,
    gated, get, ms, on_every_path, poll_once, settle, start,
};

/// Wakes nobody, and counts how often it was asked to.
#[derive(Default)]
struct Counts(AtomicUsize);

impl Wake for Counts {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Counts {
    fn poll<F: Future + Unpin>(self: &Arc<Self>, future: &mut F) -> Poll<F::Output> {
        let waker = Waker::from(Arc::clone(self));
        Pin::new(future).poll(&mut TaskContext::from_waker(&waker))
    }

    fn woken(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

fn says<K: Kind>(line: impl Into<String>) -> Act<K> {
    let line = line.into();
    act(move |probe, _| probe.log(line))
}

/// A server whose handler waits and whose mailbox, of one, is full.
async fn full(log: &Log) -> (Server<Tiny>, oneshot::Sender<()>) {
    let script = Script::new("a", log).named("room");
    let server = suptree::start::<Probe<Tiny>>(script).await.unwrap();
    let (open, busy) = gated();
    server.cast(busy).await.unwrap();
    log.until("started", 1).await;
    server.cast(says("first")).try_send().unwrap();
    (server, open)
}

/// Mailboxes for a few.
struct Few;

impl Kind for Few {
    const OPTIONS: suptree::ServerOptions =
        suptree::ServerOptions::new().mailbox(suptree::Mailbox::Bounded(20));
}

/// Whatever they send, and however they found the server.
#[tokio::test(start_paused = true)]
async fn r76_senders_get_in_in_the_order_they_came() {
    async fn all<K: Kind>() {
        let log = Log::new();
        let script = Script::<K>::new("a", &log).named("in order");
        let server = suptree::start::<Probe<K>>(script).await.unwrap();
        let (open, busy) = gated();
        server.cast(busy).await.unwrap();
        log.until("started", 1).await;
        while server.cast(says("before")).try_send().is_ok() {}
        let mut senders = Vec::new();
        for nth in 0..100 {
            let server = if nth % 2 == 0 {
                server.clone()
            } else {
                Server::named(Name::from_static("in order"))
            };
            let line = format!("in {nth}");
            senders.push(tokio::spawn(async move {
                match nth % 4 {
                    0 => server.cast(says(line)).await.unwrap(),
                    1 => server.send(says(line)).no_timeout().await.unwrap(),
                    2 => server.cast(says(line)).owned().await.unwrap(),
                    _ => {
                        let call = does(move |probe: &mut Probe<K>, _: &mut _| probe.log(line));
                        server.call(call).await.unwrap();
                    }
                }
            }));
            settle().await;
        }
        open.send(()).unwrap();
        for sender in senders {
            sender.await.unwrap();
        }
        server.stop().await.unwrap();
        let order: Vec<_> = (0..100).map(|nth| format!("in {nth}")).collect();
        assert_eq!(log.with("in "), order);
    }
    all::<Tiny>().await;
    all::<Few>().await;
}

#[tokio::test(start_paused = true)]
async fn r76_a_newcomer_does_not_take_what_others_wait_for() {
    let log = Log::new();
    let (server, open) = full(&log).await;
    let mut early = server.cast(says("early"));
    assert!(poll_once(&mut early).is_pending());
    open.send(()).unwrap();
    log.until("first", 1).await;
    settle().await;
    // The server has nothing to do, and the room is promised to the one that came first.
    assert_eq!(server.info().unwrap().mailbox_len, 0);
    let refused = server.cast(says("no")).try_send();
    assert_eq!(refused, Err(TrySendError::Full));
    let mut late = server.cast(says("late"));
    let mut later = server.send(says("later"));
    assert!(poll_once(&mut late).is_pending());
    assert!(poll_once(&mut later).is_pending());
    assert_eq!(poll_once(&mut early), Poll::Ready(Ok(())));
    settle().await;
    assert!(poll_once(&mut later).is_pending());
    assert_eq!(poll_once(&mut late), Poll::Ready(Ok(())));
    settle().await;
    assert_eq!(poll_once(&mut later), Poll::Ready(Ok(())));
    server.cast(says("again")).await.unwrap();
    log.until("again", 1).await;
    assert_eq!(log.all()[4..], ["early", "late", "later", "again"]);
}

/// One that is asked for a last time by `try_send` keeps its turn.
#[tokio::test(start_paused = true)]
async fn a_send_that_waited_may_still_be_tried() {
    let log = Log::new();
    let (server, open) = full(&log).await;
    let mut early = server.cast(says("early"));
    let mut in_vain = server.cast(says("in vain"));
    assert!(poll_once(&mut early).is_pending());
    assert!(poll_once(&mut in_vain).is_pending());
    let back = in_vain.keep_args().try_send().unwrap_err();
    assert_eq!(back, TrySendError::Full);
    assert!(back.into_args().is_some());
    open.send(()).unwrap();
    log.until("first", 1).await;
    settle().await;
    assert_eq!(early.try_send(), Ok(()));
    log.until("early", 1).await;
}

#[tokio::test(start_paused = true)]
async fn r54_room_that_was_promised_to_a_sender_who_gives_up_goes_to_the_next() {
    let log = Log::new();
    let (server, open) = full(&log).await;
    let [first, second, third] = std::array::from_fn(|_| Arc::new(Counts::default()));
    let mut cast = server.cast(says("given up"));
    let call = does(|probe: &mut Probe<Tiny>, _: &mut _| probe.log("given up"));
    let mut call = server.call(call);
    let mut stays = server.cast(says("stayed"));
    assert!(first.poll(&mut cast).is_pending());
    assert!(second.poll(&mut call).is_pending());
    assert!(third.poll(&mut stays).is_pending());
    open.send(()).unwrap();
    log.until("first", 1).await;
    settle().await;
    assert_eq!((first.woken(), second.woken(), third.woken()), (1, 0, 0));
    drop(cast);
    assert_eq!((second.woken(), third.woken()), (1, 0));
    drop(call);
    assert_eq!(third.woken(), 1);
    assert_eq!(third.poll(&mut stays), Poll::Ready(Ok(())));
    log.until("stayed", 1).await;
    // Nothing is promised any more.
    server.cast(says("again")).try_send().unwrap();
}

#[tokio::test(start_paused = true)]
async fn r54_what_a_sender_was_promised_is_free_when_it_gives_up_and_nobody_else_waits() {
    let log = Log::new();
    let (server, open) = full(&log).await;
    let mut cast = server.cast(says("given up"));
    assert!(poll_once(&mut cast).is_pending());
    open.send(()).unwrap();
    log.until("first", 1).await;
    settle().await;
    drop(cast);
    server.cast(says("again")).try_send().unwrap();
    log.until("again", 1).await;
    assert_eq!(log.count("given up"), 0);
}

/// However often it is polled, and by whomever: only the last one who polled it is woken.
#[tokio::test(start_paused = true)]
async fn r77_a_send_that_waits_keeps_one_waker() {
    let log = Log::new();
    let (server, open) = full(&log).await;
    let mut cast = server.cast(says("in"));
    let (before, counts) = (Arc::new(Counts::default()), Arc::new(Counts::default()));
    assert!(before.poll(&mut cast).is_pending());
    for _ in 0..100 {
        assert!(counts.poll(&mut cast).is_pending());
    }
    assert_eq!(Arc::strong_count(&before), 1);
    // One in the line, and one in the timer.
    assert!(Arc::strong_count(&counts) <= 3);
    open.send(()).unwrap();
    log.until("first", 1).await;
    settle().await;
    assert_eq!((before.woken(), counts.woken()), (0, 1));
    assert_eq!(counts.poll(&mut cast), Poll::Ready(Ok(())));
    assert_eq!(Arc::strong_count(&counts), 1);
}

#[tokio::test(start_paused = true)]
async fn r77_senders_who_give_up_leave_nothing_behind() {
    let log = Log::new();
    let (server, _open) = full(&log).await;
    let counts = Arc::new(Counts::default());
    let mut patient = server.cast(says("in")).no_timeout();
    assert!(poll_once(&mut patient).is_pending());
    for round in 0..1000 {
        let mut cast = server.cast(says("no"));
        let call = does(|probe: &mut Probe<Tiny>, _: &mut _| probe.log("no"));
        let mut call = server.call(call);
        assert!(counts.poll(&mut cast).is_pending());
        assert!(counts.poll(&mut call).is_pending());
        if round % 2 == 0 {
            drop((cast, call));
        }
    }
    tokio::time::sleep(ms(1)).await;
    assert_eq!(Arc::strong_count(&counts), 1);
}

/// Counts how often a future is polled.
struct Polls<F>(F, Arc<AtomicUsize>);

impl<F: Future + Unpin> Future for Polls<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<F::Output> {
        self.1.fetch_add(1, Ordering::SeqCst);
        Pin::new(&mut self.0).poll(cx)
    }
}

/// Each sender is woken once: a crowd costs in proportion to its number, and nobody gives up.
#[tokio::test(start_paused = true)]
async fn r77_a_crowd_of_senders_is_woken_one_by_one() {
    async fn crowd<K: Kind>(server: &Server<K>, senders: usize) -> usize {
        let polls = Arc::new(AtomicUsize::new(0));
        let tasks: Vec<_> = (0..senders)
            .map(|_| {
                let cast = server.cast(act_async(|probe: &mut Probe<K>, _| {
                    Box::pin(async move {
                        tokio::task::yield_now().await;
                        probe.n += 1;
                    })
                }));
                tokio::spawn(Polls(cast.owned(), Arc::clone(&polls)))
            })
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        polls.load(Ordering::SeqCst)
    }
    let server = start::<Plain>("a", &Log::new()).await;
    assert!(crowd(&server, 5_000).await <= 10_000);
    assert_eq!(server.call(get()).await, Ok(5_000));
    let server = start::<Tiny>("a", &Log::new()).await;
    assert!(crowd(&server, 500).await <= 1_000);
    assert_eq!(server.call(get()).await, Ok(500));
}

/// Everybody in the line is told of the death, those who were promised room, too.
#[tokio::test(start_paused = true)]
async fn r59_a_death_is_told_to_all_who_wait() {
    let log = Log::new();
    let (server, open) = full(&log).await;
    let (first, others) = (Arc::new(Counts::default()), Arc::new(Counts::default()));
    let mut promised = server.cast(says("promised"));
    assert!(first.poll(&mut promised).is_pending());
    let mut casts: Vec<_> = (0..10).map(|_| server.cast(says("no"))).collect();
    for cast in &mut casts {
        assert!(others.poll(cast).is_pending());
    }
    open.send(()).unwrap();
    log.until("first", 1).await;
    settle().await;
    server.kill();
    server.monitor().await;
    assert_eq!((first.woken(), others.woken()), (1, 10));
    for cast in casts.iter_mut().chain([&mut promised]) {
        let Poll::Ready(Err(error)) = poll_once(cast) else {
            panic!("the server is dead")
        };
        assert_eq!(error, CastError::NoProc);
    }
    assert_eq!(Arc::strong_count(&others), 1);
}

on_every_path! {
    r78_a_server_that_sends_to_itself_in_vain_is_told_at_once
    r78_a_server_gets_in_where_there_is_room
}

/// How a handler fills its own mailbox, and sends to itself once more. What came of it, and how long it took.
async fn fill_up<K: Kind>(own: Server<K>) -> (Vec<CastError>, Duration) {
    while own.cast(says("fills")).try_send().is_ok() {}
    let began = Instant::now();
    let mut errors = Vec::new();
    for (nth, own) in [own.clone(), own].into_iter().enumerate() {
        let line = format!("no {nth}");
        for sent in [
            own.cast(says(&*line)).keep_args().await,
            own.send(says(&*line)).keep_args().await,
            own.cast(says(&*line)).no_timeout().keep_args().await,
            own.cast(says(&*line))
                .timeout(ms(5))
                .owned()
                .keep_args()
                .await,
            tokio::join!(own.cast(says(&*line)).keep_args(), settle()).0,
        ] {
            let error = sent.unwrap_err();
            errors.push((*error).clone());
            assert!(error.into_args().is_some());
        }
    }
    (errors, began.elapsed())
}

/// In a call, a cast, a message, in `init` and in `terminate`.
async fn r78_a_server_that_sends_to_itself_in_vain_is_told_at_once<K: Kind>() {
    fn own<K: Kind>(cx: &crate::support::Cx<K>) -> Server<K> {
        cx.server()
    }
    let (tell, told) = std::sync::mpsc::channel();
    let log = Log::new();
    let in_init = tell.clone();
    let in_terminate = tell.clone();
    let script = Script::<K>::new("a", &log)
        .on_init(move |_, cx| {
            let tell = in_init.clone();
            let own = own(cx);
            Box::pin(async move {
                tell.send(("init", fill_up(own).await)).unwrap();
                Ok(())
            })
        })
        .on_terminate(move |_, _, cx| {
            let tell = in_terminate.clone();
            let own = own(cx);
            Box::pin(async move {
                tell.send(("terminate", fill_up(own).await)).unwrap();
            })
        });
    let server = suptree::start::<Probe<K>>(script).await.unwrap();
    let all = server.info().unwrap().mailbox_len;
    log.until("fills", all).await;
    settle().await;

    let call = does_async(
        |_: &mut Probe<K>, cx: &mut crate::support::Cx<K>| -> Boxed<'_, _> {
            Box::pin(fill_up(own(cx)))
        },
    );
    let called = server.call(call).await.unwrap();
    tell.send(("a call", called)).unwrap();
    for (what, info) in [("a cast", false), ("a message", true)] {
        log.take();
        let tell = tell.clone();
        let act = act_async(move |_: &mut Probe<K>, cx: &mut crate::support::Cx<K>| {
            let own = own(cx);
            Box::pin(async move { tell.send((what, fill_up(own).await)).unwrap() })
        });
        settle().await;
        if info {
            server.send(act).await.unwrap();
        } else {
            server.cast(act).await.unwrap();
        }
        settle().await;
        // Behind what filled the mailbox.
        server.call(get()).await.unwrap();
    }
    server.stop().await.unwrap();
    drop(tell);
    drop(server);
    let all: Vec<_> = told.try_iter().collect();
    let places: Vec<_> = all.iter().map(|(place, _)| *place).collect();
    assert_eq!(
        places,
        ["init", "a call", "a cast", "a message", "terminate"]
    );
    for (place, (errors, took)) in all {
        assert_eq!(errors, vec![CastError::Full; 10], "{place}");
        assert_eq!(took, Duration::ZERO, "{place}");
    }
    assert_eq!(log.with("no "), Vec::<String>::new());
}

/// Room that the server has not said yet counts for itself: its mailbox was full, and half of it is handled.
async fn r78_a_server_gets_in_where_there_is_room<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    for nth in 0..1024 {
        let sends = act_async(
            move |probe: &mut Probe<K>, cx: &mut crate::support::Cx<K>| {
                let own = cx.server();
                Box::pin(async move {
                    if nth == 500 {
                        own.cast(says("in")).await.unwrap();
                    }
                    probe.n += 1;
                })
            },
        );
        server.cast(sends).try_send().unwrap();
    }
    log.until("in", 1).await;
    assert_eq!(server.call(get()).await, Ok(1024));
}

/// A send that somebody else began is handed to the server, which waits for it.
#[tokio::test(start_paused = true)]
async fn r78_a_server_does_not_wait_in_its_own_line() {
    let log = Log::new();
    let server = start::<Tiny>("a", &log).await;
    let (hand, handed) = oneshot::channel();
    let (tell, told) = oneshot::channel();
    let waits = act_async(move |probe: &mut Probe<Tiny>, _| {
        probe.log("started");
        Box::pin(async move {
            let (call, cast): (OwnedCall, OwnedCast) = handed.await.unwrap();
            let _waits = tell.send((call.await, cast.await));
        })
    });
    server.cast(waits).await.unwrap();
    log.until("started", 1).await;
    server.cast(says("first")).try_send().unwrap();

    type OwnedCall = Pin<Box<dyn Future<Output = Result<(), CallError>> + Send>>;
    type OwnedCast = Pin<Box<dyn Future<Output = Result<(), CastError>> + Send>>;
    let call = does(|probe: &mut Probe<Tiny>, _: &mut _| probe.log("no"));
    let mut call: OwnedCall = Box::pin(server.call(call).no_timeout().owned());
    let mut cast: OwnedCast = Box::pin(server.cast(says("no")).no_timeout().owned());
    assert!(poll_once(&mut call).is_pending());
    assert!(poll_once(&mut cast).is_pending());
    assert!(hand.send((call, cast)).is_ok());
    let told = told.await.unwrap();
    assert_eq!(told, (Err(CallError::CallingSelf), Err(CastError::Full)));
    server.cast(says("last")).await.unwrap();
    log.until("last", 1).await;
    assert_eq!(log.count("no"), 0);
}
