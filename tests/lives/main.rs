//! Lives of servers, one after the other: whatever they hold, nothing is left of them (F4, F20). Nor is anything left of polls
//! without end (R266).
//!
//! * `cargo test --test lives`: some tens of thousands of lives.
//! * `SUPTREE_HAMMER_CALLS=20000000 cargo test --release --test lives -- --nocapture`: as CI runs it, 2 million.
//! * `SUPTREE_HAMMER_CALLS=100000000`: a million servers whose destructors all panic, and ten million names.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Instant;

use suptree::prelude::*;

/// How much more memory may be in use after all the lives than after the first tenth of them.
const MOST_GROWTH: u64 = 4 << 20;

fn calls() -> u64 {
    std::env::var("SUPTREE_HAMMER_CALLS").map_or(300_000, |text| {
        text.replace('_', "")
            .parse()
            .expect("SUPTREE_HAMMER_CALLS is a number")
    })
}

/// Counts its drop, and panics.
#[derive(Clone)]
struct Trap(Arc<AtomicU64>);

const SNAPS: &str = "a trap";

impl Drop for Trap {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
        panic!("{SNAPS}");
    }
}

struct Rigged {
    _trap: Trap,
}

#[genserver]
impl Rigged {
    #[init]
    fn init(trap: Trap) -> Self {
        Self { _trap: trap }
    }

    /// It is waited for when the end comes, or is unread.
    #[cast]
    async fn hold(&mut self, _trap: Trap) {
        std::future::pending::<()>().await;
    }

    /// It crashes, as the destructor does.
    #[cast]
    fn spring(&mut self, _trap: Trap) {}
}

/// A server with this name.
struct Known;

#[genserver(name = number)]
impl Known {
    #[init]
    fn init(number: u64) -> Self {
        let _ = number;
        Self
    }

    #[call]
    fn get(&self) -> u64 {
        1
    }

    #[cast]
    fn touch(&mut self) {}
}

/// The memory of the program, in bytes. `None`: this system does not tell.
fn resident() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = text.split(' ').nth(1)?.parse().ok()?;
    Some(pages * 4096)
}

/// Lives so often, and measures what is left. How much the memory has grown since the first tenth.
async fn live<F: Future<Output = ()>>(lives: u64, mut life: impl FnMut(u64) -> F) -> u64 {
    for nth in 0..lives / 10 {
        life(nth).await;
    }
    let before = resident();
    for nth in lives / 10..lives {
        life(nth).await;
    }
    let after = resident();
    after
        .zip(before)
        .map_or(0, |(after, before)| after.saturating_sub(before))
}

/// The waker of a combinator.
struct Within(Waker);

impl Wake for Within {
    fn wake(self: Arc<Self>) {
        self.0.wake_by_ref();
    }
}

/// Polls calls and casts that often without giving the thread back. How much the memory has grown since the first tenth.
fn poll_on(server: &KnownClient, polls: u64, cx: &mut Context<'_>) -> u64 {
    let mut before = None;
    for nth in 0..polls {
        if nth == polls / 10 {
            before = resident();
        }
        let _not_waited_for = pin!(server.get()).poll(cx);
        let _not_waited_for = pin!(server.touch()).poll(cx);
    }
    let after = resident();
    after
        .zip(before)
        .map_or(0, |(after, before)| after.saturating_sub(before))
}

/// F4: a million servers all of whose destructors panic. F20: ten million lives and names. R266: a task that polls and polls,
/// also when it has used up its budget. One after the other, since all look at the memory of the program.
#[test]
fn f4_f20_r266_nothing_is_left_of_servers() {
    suptree::remove_default_handler();
    let loud = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if info.payload_as_str() != Some(SNAPS) {
            loud(info);
        }
    }));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let began = Instant::now();
        let (drops, lives) = (Arc::new(AtomicU64::new(0)), calls() / 100);
        let trap = || Trap(Arc::clone(&drops));
        let grown = live(lives, |nth| {
            let traps = [trap(), trap(), trap()];
            async move {
                let [state, held, unread] = traps;
                let server = Rigged::start(state).await.expect("it starts");
                let end = server.monitor();
                if nth % 2 == 0 {
                    server.hold(held).await.expect("it lives");
                } else {
                    server.spring(held).await.expect("it lives");
                }
                let _too_late = server.hold(unread).try_send();
                if nth % 4 == 0 {
                    tokio::task::yield_now().await;
                }
                server.kill();
                let _reason = end.await;
            }
        })
        .await;
        println!(
            "{lives} servers with traps: {grown} bytes more, {:.1?}",
            began.elapsed()
        );
        assert_eq!(drops.load(Ordering::Relaxed), lives * 3);
        assert!(
            grown <= MOST_GROWTH,
            "{grown} bytes are left of {lives} servers"
        );

        let (began, lives) = (Instant::now(), calls() / 10);
        let grown = live(lives, |nth| async move {
            let server = Known::start(nth).await.expect("it starts");
            assert_eq!(Known::named(nth).get().await, Ok(1));
            if nth % 2 == 0 {
                server.stop().await.expect("it stops");
            } else {
                server.kill();
                server.monitor().await;
            }
        })
        .await;
        println!("{lives} names: {grown} bytes more, {:.1?}", began.elapsed());
        assert!(
            grown <= MOST_GROWTH,
            "{grown} bytes are left of {lives} names"
        );

        let server = Known::start(0).await.expect("it starts");
        for combined in [false, true] {
            let (began, polls) = (Instant::now(), calls() * 2);
            let server = server.clone();
            let grown = tokio::spawn(poll_fn(move |cx| {
                let within = Waker::from(Arc::new(Within(cx.waker().clone())));
                let waker = if combined { &within } else { cx.waker() };
                Poll::Ready(poll_on(&server, polls, &mut Context::from_waker(waker)))
            }));
            let grown = grown.await.expect("it does not panic");
            println!("{polls} polls: {grown} bytes more, {:.1?}", began.elapsed());
            assert!(
                grown <= MOST_GROWTH,
                "{grown} bytes are left of {polls} polls"
            );
        }
    });
}
