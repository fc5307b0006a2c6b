//! The gate that holds a server back while messages queue up behind it, and the messages' work.

use std::future::Future;
use std::hint::spin_loop;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering::*};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

static ENTERED: Notify = Notify::const_new();
static OPENED: Notify = Notify::const_new();
static OPEN: AtomicBool = AtomicBool::new(false);

/// What the handler of the hold message awaits: the server stands still until the workload opens the gate.
///
/// Boxed: where one async function handles all messages, what it awaits for one of them must not make the others dearer.
pub fn gate() -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async {
        ENTERED.notify_one();
        while !OPEN.load(Acquire) {
            OPENED.notified().await;
        }
    })
}

pub(crate) async fn wait_until_held() {
    ENTERED.notified().await;
}

pub(crate) fn open_gate() {
    OPEN.store(true, Release);
    OPENED.notify_one();
}

/// What the handler of the work message does.
pub fn burn_one_microsecond() {
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_micros(1) {
        spin_loop();
    }
}
