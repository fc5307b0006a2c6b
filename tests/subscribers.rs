//! A subscriber of `tracing` that panics, wherever it is asked: nobody notices.

use std::cell::{Cell, RefCell};

use suptree::{CallError, ExitReason};
use tracing::subscriber::{DefaultGuard, Interest};
use tracing::{Event, Metadata, Subscriber, span};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use crate::support::{
    Kind, Log, Probe, Script, Server, Sup, act, add, child, does_async, failing, get,
    on_every_path, place, settle, start,
};

on_every_path! {
    r20_a_subscriber_that_panics_is_contained
    r20_a_subscriber_that_always_panics_is_contained
}

/// What a subscriber is asked and told.
const HOOKS: [&str; 6] = ["new_span", "enter", "exit", "close", "event", "enabled"];

thread_local! {
    /// Which hook panics on this thread, and whether more than once.
    static TRIP: Cell<Option<(&'static str, bool)>> = const { Cell::new(None) };
    static TRIPPED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

struct Panicky;

fn trip(hook: &'static str) {
    if let Some((wanted, always)) = TRIP.get()
        && wanted == hook
    {
        TRIP.set(always.then_some((wanted, always)));
        TRIPPED.with_borrow_mut(|tripped| tripped.push(hook));
        panic!("the subscriber panicked in {hook}");
    }
}

impl<S: Subscriber> Layer<S> for Panicky {
    fn on_new_span(&self, _: &span::Attributes<'_>, _: &span::Id, _: Context<'_, S>) {
        trip("new_span");
    }

    fn on_enter(&self, _: &span::Id, _: Context<'_, S>) {
        trip("enter");
    }

    fn on_exit(&self, _: &span::Id, _: Context<'_, S>) {
        trip("exit");
    }

    fn on_close(&self, _: span::Id, _: Context<'_, S>) {
        trip("close");
    }

    fn on_event(&self, _: &Event<'_>, _: Context<'_, S>) {
        trip("event");
    }

    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        // So that it is asked each time.
        Interest::sometimes()
    }

    fn enabled(&self, _: &Metadata<'_>, _: Context<'_, S>) -> bool {
        trip("enabled");
        true
    }
}

fn listen() -> DefaultGuard {
    // Keeps what `tracing` remembers of a callsite from being what this subscriber wanted of it, or another test's none.
    drop(crate::support::Reports::capture());
    tracing::subscriber::set_default(tracing_subscriber::registry().with(Panicky))
}

fn tripped() -> usize {
    TRIPPED.with_borrow_mut(|tripped| std::mem::take(tripped).len())
}

/// A server's life, with the subscriber panicking where `arm` says: started, called, cast to, crashed, restarted, stopped.
async fn a_life<K: Kind>(arm: impl Fn()) -> usize {
    let log = Log::new();
    let (handle, script) = (place::<K>(), Script::new("a", &log).named("subscribed"));
    let server = handle.clone();
    arm();
    let sup = Sup::start(move |spec| spec.child(child(&handle, &script)))
        .await
        .unwrap();
    arm();
    assert_eq!(server.call(add(1)).await, Ok(1));
    arm();
    server.cast(act(|probe, _| probe.n += 1)).await.unwrap();
    assert_eq!(server.call(get()).await, Ok(2));
    arm();
    assert_eq!(server.call(waits()).await, Ok(3));
    arm();
    assert_eq!(server.call(get()).await, Ok(3));
    arm();
    let down = server.monitor();
    server.cast(failing("boom".into())).await.unwrap();
    assert_eq!(down.await.reason, ExitReason::from("boom"));
    settle().await;
    assert_eq!(server.call(get()).await, Ok(0), "restarted");
    arm();
    let down = server.monitor();
    server.kill();
    assert_eq!(down.await.reason, ExitReason::Killed);
    settle().await;
    assert_eq!(server.call(get()).await, Ok(0), "restarted again");
    arm();
    let down = server.monitor();
    sup.stop().await.unwrap();
    assert_eq!(down.await.reason, ExitReason::Shutdown);
    assert_eq!(suptree::whereis("subscribed"), None);
    assert_eq!(server.call(get()).await, Err(CallError::NoProc));
    // In its caller's hands.
    arm();
    let alone: Server<K> = start("alone", &log).await;
    arm();
    assert_eq!(alone.stop().await, Ok(()));
    drop((alone, server));
    TRIP.set(None);
    assert!(
        tracing::Span::current().is_none(),
        "a span that was entered is left"
    );
    tripped()
}

/// A request whose handler waits.
fn waits<K: Kind>() -> impl suptree::Request<Probe<K>, Reply = i64> {
    does_async(|probe: &mut Probe<K>, _| {
        Box::pin(async move {
            tokio::task::yield_now().await;
            probe.n += 1;
            probe.n
        })
    })
}

async fn r20_a_subscriber_that_panics_is_contained<K: Kind>() {
    for hook in HOOKS {
        let _listens = listen();
        let tripped = a_life::<K>(|| TRIP.set(Some((hook, false)))).await;
        assert!(tripped > 0, "{hook} was never asked");
    }
}

async fn r20_a_subscriber_that_always_panics_is_contained<K: Kind>() {
    for hook in HOOKS {
        let _listens = listen();
        let tripped = a_life::<K>(|| TRIP.set(Some((hook, true)))).await;
        assert!(tripped > 0, "{hook} was never asked");
    }
}
