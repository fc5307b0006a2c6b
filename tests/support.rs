//! What the tests are made of: a scripted server, supervisors of it, an event log, captured reports.

pub(crate) mod act;
pub(crate) mod bomb;
pub(crate) mod log;
pub(crate) mod notes;
pub(crate) mod probe;
pub(crate) mod reports;
pub(crate) mod supervisors;
pub(crate) mod tasks;

use std::time::Duration;

pub(crate) use self::act::{
    Act, act, act_async, add, asks, does, does_async, failing, gated, get, kept,
};
pub(crate) use self::log::Log;
pub(crate) use self::notes::{Noted, Notes};
pub(crate) use self::probe::{
    Always, Begun, Boxed, ByLoop, Cx, Graceful, Handlers, Kind, Plain, Probe, Queued, Script,
    Server, Tiny, TrapAndTerminate, Traps, Unbounded, start, start_link_from,
};
pub(crate) use self::reports::Reports;
pub(crate) use self::supervisors::{
    AnyDyn, Dyn, NamedSup, Sup, abc, child, child_id, place, spec_of, supervise,
};

/// Milliseconds.
pub(crate) const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// An error to crash with.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Oops(pub(crate) &'static str);

impl std::fmt::Display for Oops {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Oops {}

/// An abnormal reason.
pub(crate) fn oops(text: &'static str) -> suptree::ExitReason {
    Oops(text).into()
}

/// The message of the panic a process ended with.
#[track_caller]
pub(crate) fn panic_text(reason: &suptree::ExitReason) -> String {
    match reason {
        suptree::ExitReason::Panic(panic) => panic.message().to_owned(),
        other => panic!("not a panic: {other:?}"),
    }
}

/// Polls a future once, outside of any executor's task.
pub(crate) fn poll_once<F: Future + Unpin>(future: &mut F) -> std::task::Poll<F::Output> {
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    std::pin::Pin::new(future).poll(&mut cx)
}

/// Lets everything that is ready run, as far as it gets without time passing.
pub(crate) async fn settle() {
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
}

/// Runs each test on every way that a message takes: callers answer themselves, callers begin what may wait, callers run
/// the server's loop, and everything goes through the queue.
macro_rules! on_every_path {
    ($($name:ident)*) => {$(
        mod $name {
            #[tokio::test(start_paused = true)]
            async fn in_place() {
                super::$name::<crate::support::Plain>().await;
            }

            #[tokio::test(start_paused = true)]
            async fn begun() {
                super::$name::<crate::support::Begun>().await;
            }

            #[tokio::test(start_paused = true)]
            async fn by_loop() {
                super::$name::<crate::support::ByLoop>().await;
            }

            #[tokio::test(start_paused = true)]
            async fn queued() {
                super::$name::<crate::support::Queued>().await;
            }
        }
    )*};
}
pub(crate) use on_every_path;
