//! Streams that a server is attached to: their items are messages, one at a time.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context as TaskContext, Poll};

use futures_util::stream::{self, Stream, StreamExt as _};
use suptree::prelude::*;
use suptree::{Attached, Group, GroupEvent, Registry, RegistryEvent};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio_stream::wrappers::{ReceiverStream, TcpListenerStream, UnboundedReceiverStream};

use crate::support::bomb::{Drops, Token};
use crate::support::{
    Act, Cx, Kind, Log, Probe, Script, act, act_async, does, does_async, get, on_every_path, oops,
    panic_text, settle, start,
};

on_every_path! {
    r340_items_arrive_in_order_from_every_handler
    r340_the_next_item_is_taken_when_the_one_before_is_handled
    r341_a_stream_is_dropped_before_the_end_of_its_server_is_told
    r341_a_server_that_is_attached_in_its_init_has_the_items_first
    r341_a_stream_that_panics_ends_its_server
    r342_the_end_of_a_stream_comes_behind_its_last_item
    r342_a_stream_that_is_detached_is_dropped_and_says_nothing
}

fn logs<K: Kind>(line: String) -> Act<K> {
    act(move |probe: &mut Probe<K>, _| probe.log(line))
}

/// A stream that says how often it was asked, and keeps something.
struct Asked<T> {
    stream: T,
    asked: Arc<AtomicUsize>,
    _kept: Token,
}

impl<T: Stream + Unpin> Stream for Asked<T> {
    type Item = T::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Option<T::Item>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        Pin::new(&mut self.stream).poll_next(cx)
    }
}

fn numbers<K: Kind>(count: i64) -> impl Stream<Item = Act<K>> + Send + Unpin {
    stream::iter(0..count).map(|n| logs(format!("item {n}")))
}

async fn r340_items_arrive_in_order_from_every_handler<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let expected = || ["item 0", "item 1", "item 2"].map(str::to_owned).to_vec();
    log.take();
    // In place, or through the queue; by a handler that waits; by a message that nobody waits for.
    let now = does(|_: &mut Probe<K>, cx: &mut Cx<K>| drop(cx.attach_with(numbers(3), |it| it)));
    server.call(now).await.unwrap();
    log.until("item 2", 1).await;
    assert_eq!(log.take(), expected());
    let waits = does_async(|_: &mut Probe<K>, cx: &mut Cx<K>| {
        Box::pin(async move {
            tokio::task::yield_now().await;
            cx.attach_with(numbers(3), |it| it);
        })
    });
    server.call(waits).await.unwrap();
    log.until("item 2", 1).await;
    assert_eq!(log.take(), expected());
    let queued = act(|_: &mut Probe<K>, cx| drop(cx.attach_with(numbers(3), |it| it)));
    server.cast(queued).await.unwrap();
    log.until("item 2", 1).await;
    assert_eq!(log.take(), expected());
}

async fn r340_the_next_item_is_taken_when_the_one_before_is_handled<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let (asked, drops) = (Arc::new(AtomicUsize::new(0)), Drops::default());
    let (open, gate) = oneshot::channel::<()>();
    let first = act_async(|_: &mut Probe<K>, _| Box::pin(async move { drop(gate.await) }));
    let items = stream::iter([first, logs("second".into()), logs("third".into())]);
    let asks = Asked {
        stream: items,
        asked: Arc::clone(&asked),
        _kept: drops.token(),
    };
    let attach = act(move |_: &mut Probe<K>, cx| drop(cx.attach_with(asks, |it| it)));
    server.cast(attach).await.unwrap();
    settle().await;
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    server.cast(logs("a cast".into())).await.unwrap();
    open.send(()).unwrap();
    log.until("third", 1).await;
    // The message that came meanwhile has its turn between two items.
    assert_eq!(log.all(), ["a init", "second", "a cast", "third"]);
    settle().await;
    assert_eq!((asked.load(Ordering::Relaxed), drops.count()), (4, 1));
}

async fn r341_a_stream_is_dropped_before_the_end_of_its_server_is_told<K: Kind>() {
    for how in 0..6 {
        let log = Log::new();
        let (drops, asked) = (Drops::default(), Arc::default());
        let server = start::<K>("a", &log).await;
        let held = Asked {
            stream: stream::pending::<Act<K>>(),
            asked: Arc::clone(&asked),
            _kept: drops.token(),
        };
        let attach = does(move |_: &mut Probe<K>, cx: &mut Cx<K>| {
            let attached = cx.attach_with(held, |it| it);
            let ends = attached
                .clone()
                .on_end(cx.server().cast(logs("ended".into())));
            drop(ends);
            attached
        });
        let attached = server.call(attach).await.unwrap();
        settle().await;
        assert!(attached.is_attached() && asked.load(Ordering::Relaxed) == 1);
        let end = server.monitor();
        match how {
            0 => server.kill(),
            1 => server.stop().await.unwrap(),
            2 => server.exit(oops("by a signal")),
            3 => server
                .cast(crate::support::failing(oops("in a handler")))
                .await
                .unwrap(),
            4 => drop(
                server
                    .call(does(|_: &mut Probe<K>, _: &mut Cx<K>| panic!("oops")))
                    .await,
            ),
            _ => {
                let waits = act_async(|_: &mut Probe<K>, _| Box::pin(std::future::pending()));
                server.cast(waits).await.unwrap();
                settle().await;
                server.kill();
            }
        }
        end.await;
        assert_eq!((drops.count(), attached.is_attached()), (1, false), "{how}");
        settle().await;
        assert_eq!(log.count("ended"), 0);
        // It is late: the message goes nowhere.
        attached.on_end(server.cast(logs("late".into())));
    }
}

async fn r341_a_server_that_is_attached_in_its_init_has_the_items_first<K: Kind>() {
    let log = Log::new();
    let script = Script::<K>::new("a", &log).on_init(|_, cx| {
        cx.attach_with(numbers(1), |it| it);
        Box::pin(async { Ok(()) })
    });
    let server = suptree::start::<Probe<K>>(script).await.unwrap();
    server.call(get()).await.unwrap();
    assert_eq!(log.all(), ["a init", "item 0"]);
    // A start that fails drops it.
    let drops = Drops::default();
    let in_init = drops.clone();
    let script = Script::<K>::new("b", &log).on_init(move |_, cx| {
        let (stream, asked) = (stream::pending(), Arc::default());
        let _kept = in_init.token();
        cx.attach_with(
            Asked {
                stream,
                asked,
                _kept,
            },
            |it| it,
        );
        Box::pin(async { Err(oops("in init")) })
    });
    suptree::start::<Probe<K>>(script).await.unwrap_err();
    assert_eq!(drops.count(), 1);
}

async fn r341_a_stream_that_panics_ends_its_server<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let drops = Drops::default();
    let panics = Asked {
        stream: numbers(1).chain(stream::poll_fn(|_| panic!("a stream that panics"))),
        asked: Arc::default(),
        _kept: drops.bomb(),
    };
    let end = server.monitor();
    let attach = act(move |_: &mut Probe<K>, cx| drop(cx.attach_with(panics, |it| it)));
    server.cast(attach).await.unwrap();
    let reason = end.await.reason;
    assert_eq!(panic_text(&reason), "a stream that panics");
    // It terminates, as for the panic of a handler.
    assert_eq!((log.count("item 0"), log.with("a terminate").len()), (1, 1));
    assert_eq!(drops.count(), 1);
}

async fn r342_the_end_of_a_stream_comes_behind_its_last_item<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let (sender, receiver) = mpsc::channel::<Act<K>>(8);
    let drops = Drops::default();
    let items = Asked {
        stream: ReceiverStream::new(receiver),
        asked: Arc::default(),
        _kept: drops.token(),
    };
    let attach = does(move |_: &mut Probe<K>, cx: &mut Cx<K>| {
        let ended = cx.server();
        cx.attach_with(items, |it| it)
            .on_end(ended.cast(logs("never".into())))
            .on_end(ended.cast(logs("ended".into())))
    });
    let attached = server.call(attach).await.unwrap();
    sender.send(logs("one".into())).await.unwrap();
    log.until("one", 1).await;
    sender.send(logs("two".into())).await.unwrap();
    sender.send(logs("three".into())).await.unwrap();
    drop(sender);
    log.until("ended", 1).await;
    assert_eq!(log.all(), ["a init", "one", "two", "three", "ended"]);
    assert_eq!((drops.count(), attached.is_attached()), (1, false));
    // It has ended: whoever says so now is told at once.
    let attached = attached.on_end(server.send(logs("ended before".into())));
    log.until("ended before", 1).await;
    attached.detach();
}

async fn r342_a_stream_that_is_detached_is_dropped_and_says_nothing<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let drops = Drops::default();
    let items = Asked {
        stream: stream::repeat_with(|| logs("item".into())),
        asked: Arc::default(),
        _kept: drops.bomb(),
    };
    let attach = does(move |_: &mut Probe<K>, cx: &mut Cx<K>| {
        let ended = cx.server();
        let attached = cx.attach_with(items, |it| it);
        attached.on_end(ended.cast(logs("ended".into())))
    });
    let attached = server.call(attach).await.unwrap();
    log.until("item", 3).await;
    let (own, kept) = (attached.clone(), drops.clone());
    let detach = does(move |probe: &mut Probe<K>, _: &mut Cx<K>| {
        own.detach();
        probe.log("detached");
        kept.count()
    });
    assert_eq!(server.call(detach).await, Ok(1));
    settle().await;
    let lines = log.all();
    assert_eq!(lines.last().map(String::as_str), Some("detached"));
    assert!(!attached.is_attached());
    attached.detach();
}

// ===== as a program has them =====

#[derive(Default)]
struct Hub {
    heard: Vec<String>,
    waiting: Option<oneshot::Sender<()>>,
    until: usize,
}

#[genserver(mailbox = 1)]
impl Hub {
    #[call]
    fn lines(
        &mut self,
        id: u8,
        lines: mpsc::UnboundedReceiver<String>,
        cx: &mut Context<Self>,
    ) -> Attached {
        let lines = UnboundedReceiverStream::new(lines).map(move |line| (id, line));
        let me = cx.client();
        cx.attach(lines).line().on_end(me.closed(id))
    }

    #[call]
    fn ticks(&mut self, count: usize, cx: &mut Context<Self>) {
        cx.attach(stream::iter(std::iter::repeat_n((), count)))
            .tick();
    }

    #[call]
    fn registry(&mut self, registry: Registry<u8, ()>, cx: &mut Context<Self>) {
        cx.attach(registry.listen()).registered();
    }

    #[call]
    fn group(&mut self, group: Group<HubClient>, cx: &mut Context<Self>) {
        let (_members, events) = group.monitor();
        cx.attach(events).changed();
    }

    #[info]
    fn line(&mut self, id: u8, line: String) {
        self.note(format!("{id}: {line}"));
    }

    #[info]
    fn closed(&mut self, id: u8) {
        self.note(format!("{id} is closed"));
    }

    #[info]
    fn tick(&mut self) {
        self.note("tick".to_owned());
    }

    #[info]
    fn registered(&mut self, event: RegistryEvent<u8, ()>) {
        let what = match event {
            RegistryEvent::Registered(entry) => format!("{} is there", entry.key()),
            RegistryEvent::Unregistered(entry) => format!("{} is gone", entry.key()),
            _ => "?".to_owned(),
        };
        self.note(what);
    }

    #[info]
    fn changed(&mut self, event: GroupEvent<HubClient>) {
        let joined = matches!(event, GroupEvent::Join(_));
        self.note(if joined { "joined" } else { "left" }.to_owned());
    }

    #[call]
    fn until(&mut self, count: usize, done: oneshot::Sender<()>) {
        self.until = count;
        self.waiting = Some(done);
        self.look();
    }

    #[call]
    fn heard(&mut self) -> Vec<String> {
        std::mem::take(&mut self.heard)
    }

    #[cast]
    async fn wait(&mut self, gate: oneshot::Receiver<()>) {
        let _ = gate.await;
    }

    fn note(&mut self, line: String) {
        self.heard.push(line);
        self.look();
    }

    fn look(&mut self) {
        if self.heard.len() >= self.until
            && let Some(done) = self.waiting.take()
        {
            let _ = done.send(());
        }
    }
}

async fn heard(hub: &HubClient, count: usize) -> Vec<String> {
    let (done, is_done) = oneshot::channel();
    hub.until(count, done).await.unwrap();
    is_done.await.unwrap();
    hub.heard().await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn r340_a_full_mailbox_takes_items_and_its_bound_holds() {
    let hub = Hub::start().await.unwrap();
    let (open, gate) = oneshot::channel();
    hub.wait(gate).await.unwrap();
    let (lines, receiver) = mpsc::unbounded_channel();
    settle().await;
    let attaching = tokio::spawn(hub.lines(1, receiver).owned());
    settle().await;
    for line in ["a", "b", "c"] {
        lines.send(line.to_owned()).unwrap();
    }
    let (_open, late) = oneshot::channel();
    assert_eq!(hub.wait(late).try_send(), Err(TrySendError::Full));
    open.send(()).unwrap();
    attaching.await.unwrap().unwrap();
    assert_eq!(heard(&hub, 3).await, ["1: a", "1: b", "1: c"]);
}

#[tokio::test(start_paused = true)]
async fn r340_many_streams_and_their_server_take_turns() {
    let hub = Hub::start().await.unwrap();
    let (first, receiver) = mpsc::unbounded_channel();
    hub.lines(1, receiver).await.unwrap();
    let (second, receiver) = mpsc::unbounded_channel();
    hub.lines(2, receiver).await.unwrap();
    for n in 0..3 {
        first.send(n.to_string()).unwrap();
        second.send(n.to_string()).unwrap();
    }
    drop(first);
    let lines = heard(&hub, 7).await;
    let (ones, twos): (Vec<_>, Vec<_>) = lines.iter().partition(|line| line.starts_with('1'));
    assert_eq!(ones, ["1: 0", "1: 1", "1: 2", "1 is closed"]);
    assert_eq!(twos, ["2: 0", "2: 1", "2: 2"]);
    // Neither waits for the other to be empty.
    assert!(
        lines[..4].iter().any(|line| line.starts_with('2')),
        "{lines:?}"
    );
    hub.ticks(1_000).await.unwrap();
    assert_eq!(heard(&hub, 1_000).await.len(), 1_000);
}

#[tokio::test(start_paused = true)]
async fn r340_listeners_and_monitors_of_groups_are_streams() {
    let hub = Hub::start().await.unwrap();
    let (registry, group) = (Registry::unique(), Group::new());
    hub.registry(registry.clone()).await.unwrap();
    hub.group(group.clone()).await.unwrap();
    let other = Hub::start().await.unwrap();
    registry.register_process(&other, 7, ()).unwrap();
    assert_eq!(heard(&hub, 1).await, ["7 is there"]);
    group.join(&other).unwrap();
    assert_eq!(heard(&hub, 1).await, ["joined"]);
    other.kill();
    let mut ends = heard(&hub, 2).await;
    ends.sort();
    assert_eq!(ends, ["7 is gone", "left"]);
}

/// A server that has a port while it lives.
struct Port(u16);

#[genserver]
impl Port {
    #[init]
    async fn init(at: Arc<Mutex<u16>>, cx: &mut Context<Self>) -> std::io::Result<Self> {
        let wanted = *at.lock().unwrap();
        let listener = TcpListener::bind(("127.0.0.1", wanted)).await?;
        let port = listener.local_addr()?.port();
        *at.lock().unwrap() = port;
        cx.attach(TcpListenerStream::new(listener)).accepted();
        Ok(Self(port))
    }

    #[call]
    fn port(&self) -> u16 {
        self.0
    }

    #[info]
    fn accepted(&mut self, socket: std::io::Result<TcpStream>) {
        drop(socket);
        panic!("one is enough");
    }
}

supervisor! { Ports(at: Arc<Mutex<u16>>) { strategy: one_for_one, max_restarts: 100, children: [Port(at)] } }

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r341_the_port_of_a_server_is_free_when_it_is_begun_anew() {
    let ports = Ports::start_link(Arc::default()).await.unwrap();
    let port = ports.port().port().await.unwrap();
    for _ in 0..10 {
        let end = ports.port().monitor();
        let connection = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        assert_eq!(panic_text(&end.await.reason), "one is enough");
        ports.ready().await.unwrap();
        assert_eq!(ports.port().port().await.unwrap(), port);
        drop(connection);
    }
}

#[test]
fn r340_a_stream_may_be_fed_from_other_runtimes_and_threads() {
    let build = || {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder.worker_threads(2).enable_all().build().unwrap()
    };
    let (own, other) = (build(), build());
    let hub = own.block_on(async { Hub::start().await }).unwrap();
    let (lines, receiver) = mpsc::unbounded_channel();
    // Attached from the other runtime: by the queue.
    other
        .block_on(async { hub.lines(1, receiver).await })
        .unwrap();
    let count = 1_000;
    let feeders: Vec<_> = (0..2)
        .map(|_| {
            let lines = lines.clone();
            std::thread::spawn(move || {
                for n in 0..count {
                    lines.send(n.to_string()).unwrap();
                }
            })
        })
        .collect();
    let all = other.block_on(heard(&hub, 2 * count));
    assert_eq!(all.len(), 2 * count);
    for feeder in feeders {
        feeder.join().unwrap();
    }
    // The runtime of the server goes, and the stream with it.
    drop(own);
    assert!(lines.is_closed());
}
