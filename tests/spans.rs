//! The spans of messages: one for each, from when it was sent until it is handled, without a parent, and with the way back to
//! its sender.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use suptree::{CallError, CastError, genserver};
use tracing::span::{Attributes, Id};
use tracing::subscriber::{DefaultGuard, NoSubscriber};
use tracing::{Metadata, Span, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

use crate::support::{
    Cx, Kind, Log, Plain, Probe, Reports, Script, Tiny, Traps, act, act_async, does, does_async,
    gated, on_every_path, oops, settle, start,
};

on_every_path! {
    r99_a_call_runs_in_a_span_of_its_own
    r99_a_handler_that_waits_keeps_its_span
    r99_a_span_ends_with_its_handler_however_that_ends
    r99_servers_that_call_each_other_are_one_chain
}

/// What is known of a span.
#[derive(Clone, Debug, Default)]
struct Known {
    name: &'static str,
    parent: Option<u64>,
    follows: Vec<&'static str>,
    closed: bool,
}

/// The spans there are and were, by their ids, which are not used again here.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<BTreeMap<u64, Vec<Known>>>>);

impl Spans {
    fn capture() -> (Self, (DefaultGuard, Reports)) {
        // A second dispatcher lets each thread be asked for itself. Its guard goes last.
        let reports = Reports::capture();
        let spans = Self::default();
        let subscriber = tracing_subscriber::registry().with(spans.clone());
        let guard = tracing::subscriber::set_default(subscriber);
        (spans, (guard, reports))
    }

    fn all(&self) -> Vec<Known> {
        self.0.lock().unwrap().values().flatten().cloned().collect()
    }

    /// The one of this name.
    fn only(&self, name: &str) -> Known {
        let mut found = self.all();
        found.retain(|known| known.name == name);
        assert_eq!(found.len(), 1, "{name}: {:?}", self.all());
        found.remove(0)
    }

    /// The names of those that are open.
    fn open(&self) -> Vec<&'static str> {
        let all = self.all();
        all.iter()
            .filter(|known| !known.closed)
            .map(|known| known.name)
            .collect()
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Spans {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, cx: Context<'_, S>) {
        let parent = cx.span(id).and_then(|span| span.parent());
        let known = Known {
            name: attributes.metadata().name(),
            parent: parent.map(|parent| parent.id().into_u64()),
            ..Known::default()
        };
        let mut all = self.0.lock().unwrap();
        all.entry(id.into_u64()).or_default().push(known);
    }

    fn on_follows_from(&self, id: &Id, follows: &Id, cx: Context<'_, S>) {
        let name = cx.span(follows).expect("it is open").name();
        let mut all = self.0.lock().unwrap();
        let known = all
            .get_mut(&id.into_u64())
            .and_then(|known| known.last_mut());
        known.expect("it is known").follows.push(name);
    }

    fn on_close(&self, id: Id, _: Context<'_, S>) {
        let mut all = self.0.lock().unwrap();
        let known = all
            .get_mut(&id.into_u64())
            .and_then(|known| known.last_mut());
        known.expect("it is known").closed = true;
    }
}

/// The name of the current span.
fn here() -> Option<&'static str> {
    Span::current().metadata().map(Metadata::name)
}

async fn r99_a_call_runs_in_a_span_of_its_own<K: Kind>() {
    let (spans, _guard) = Spans::capture();
    let server = start::<K>("a", &Log::new()).await;
    assert!(spans.only("init").closed);
    for nth in 1..=3 {
        let caller = tracing::info_span!("caller").entered();
        assert_eq!(
            server.call(does(|_, _| here())).await,
            Ok(Some("handle_call"))
        );
        assert_eq!(here(), Some("caller"));
        drop(caller);
        settle().await;
        assert_eq!(spans.open(), [""; 0]);
        let mut calls = spans.all();
        calls.retain(|known| known.name == "handle_call");
        assert_eq!(calls.len(), nth);
        assert!(
            calls
                .iter()
                .all(|known| known.parent.is_none() && known.follows == ["caller"])
        );
    }
    // Without a span there is nothing to follow from.
    assert_eq!(
        server.call(does(|_, _| here())).await,
        Ok(Some("handle_call"))
    );
    assert_eq!(spans.all().pop().unwrap().follows, [""; 0]);
    server.stop().await.unwrap();
    assert_eq!(spans.only("terminate").parent, None);
    settle().await;
    assert_eq!(spans.open(), [""; 0]);
}

async fn r99_a_handler_that_waits_keeps_its_span<K: Kind>() {
    let (spans, _guard) = Spans::capture();
    let server = start::<K>("a", &Log::new()).await;
    let (open, gate) = tokio::sync::oneshot::channel::<()>();
    let waits = does_async(move |_: &mut Probe<K>, _: &mut Cx<K>| {
        Box::pin(async move {
            let before = here();
            let _opened = gate.await;
            (before, here())
        })
    });
    let calling = tokio::spawn(server.call(waits).owned());
    settle().await;
    assert_eq!(spans.open(), ["handle_call"]);
    // What is queued behind it has a span already.
    server
        .cast(act(|_, _| assert_eq!(here(), Some("handle_cast"))))
        .await
        .unwrap();
    assert_eq!(spans.open().len(), 2);
    open.send(()).unwrap();
    let told = calling.await.unwrap().unwrap();
    assert_eq!(told, (Some("handle_call"), Some("handle_call")));
    settle().await;
    assert_eq!(spans.open(), [""; 0]);
    assert!(server.is_alive());
}

async fn r99_a_span_ends_with_its_handler_however_that_ends<K: Kind>() {
    let (spans, _guard) = Spans::capture();
    // Killed while it waits, with one message in the queue.
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let (_open, gated) = gated();
    server.cast(gated).await.unwrap();
    log.until("started", 1).await;
    server.cast(act(|_, _| {})).await.unwrap();
    assert_eq!(spans.open(), ["handle_cast", "handle_cast"]);
    let down = server.monitor();
    server.kill();
    down.await;
    settle().await;
    assert_eq!(spans.open(), [""; 0]);
    // It panics.
    let server = start::<K>("b", &log).await;
    let told = server.call(does(|_, _| panic!("x"))).await;
    assert!(matches!(told, Err(CallError::Exited(_))));
    settle().await;
    assert_eq!(spans.open(), [""; 0]);
    // There is nobody, or no room.
    assert!(server.cast(act(|_, _| {})).await.is_err());
    assert!(server.call(does(|_, _| {})).await.is_err());
    assert_eq!(spans.open(), [""; 0]);
}

async fn r99_servers_that_call_each_other_are_one_chain<K: Kind>() {
    let (spans, _guard) = Spans::capture();
    let (outer, inner) = (
        start::<K>("a", &Log::new()).await,
        start::<K>("b", &Log::new()).await,
    );
    let calls = does_async(move |_: &mut Probe<K>, _: &mut Cx<K>| {
        Box::pin(async move { inner.call(does(|_, _| here())).await.unwrap() })
    });
    let caller = tracing::info_span!("caller").entered();
    assert_eq!(outer.call(calls).await, Ok(Some("handle_call")));
    drop(caller);
    let mut follows: Vec<_> = spans
        .all()
        .into_iter()
        .flat_map(|known| known.follows)
        .collect();
    follows.sort_unstable();
    assert_eq!(follows, ["caller", "handle_call"]);
    settle().await;
    assert_eq!(spans.open(), [""; 0]);
}

/// Casts, exits, and a message that finds no room.
#[tokio::test(start_paused = true)]
async fn r99_other_messages_have_spans_likewise() {
    let (spans, _guard) = Spans::capture();
    let log = Log::new();
    let server = suptree::start::<Probe<Traps>>(Script::new("a", &log))
        .await
        .unwrap();
    {
        let _sender = tracing::info_span!("sender").entered();
        server
            .cast(act_async(|_, _| {
                Box::pin(async { assert_eq!(here(), Some("handle_cast")) })
            }))
            .await
            .unwrap();
    }
    settle().await;
    let cast = spans.only("handle_cast");
    assert_eq!(
        (cast.parent, cast.follows, cast.closed),
        (None, vec!["sender"], true)
    );
    server.exit(oops("stranger"));
    settle().await;
    assert!(spans.only("handle_exit").closed);
    assert!(server.is_alive());

    let tiny = suptree::start::<Probe<Tiny>>(Script::new("b", &log))
        .await
        .unwrap();
    let (open, gated) = gated();
    tiny.cast(gated).await.unwrap();
    log.until("started", 1).await;
    tiny.cast(act(|_, _| {})).await.unwrap();
    let full = tiny
        .cast(act(|_, _| {}))
        .timeout(crate::support::ms(1))
        .await;
    assert!(matches!(full, Err(CastError::Timeout(_))));
    assert_eq!(spans.open(), ["handle_cast", "handle_cast"]);
    open.send(()).unwrap();
    settle().await;
    assert_eq!(spans.open(), [""; 0]);
}

#[derive(Default)]
struct Ticks(Vec<Option<&'static str>>);

#[genserver]
impl Ticks {
    #[every(1s)]
    fn tick(&mut self) {
        self.0.push(here());
    }

    #[call]
    fn seen(&mut self) -> Vec<Option<&'static str>> {
        self.0.clone()
    }
}

/// Each message of a timer that sends again and again.
#[tokio::test(start_paused = true)]
async fn r388_the_ticks_of_a_timer_have_spans_likewise() {
    let (spans, _guard) = Spans::capture();
    let ticks = Ticks::start().await.unwrap();
    tokio::time::sleep(crate::support::ms(3_500)).await;
    assert_eq!(ticks.seen().await.unwrap(), [Some("handle_info"); 3]);
    let all = spans.all();
    assert_eq!(
        all.iter()
            .filter(|known| known.name == "handle_info")
            .count(),
        3
    );
    settle().await;
    assert_eq!(spans.open(), [""; 0]);
}

/// Where nobody wants spans there are none, and nothing of them in a message.
#[tokio::test(start_paused = true)]
async fn r99_nobody_wants_spans() {
    let _guard = tracing::subscriber::set_default(NoSubscriber::default());
    let server = start::<Plain>("a", &Log::new()).await;
    assert_eq!(server.call(does(|_, _| here())).await, Ok(None));
}
