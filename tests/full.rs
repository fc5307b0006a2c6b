//! What becomes of messages for a mailbox that is full: `full = wait`, `reject`, `drop_oldest`.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::join_all;
use futures_util::stream;
use suptree::prelude::*;
use suptree::{Full, ServerOptions, TrySendError};
use tokio::sync::oneshot;

use crate::support::{Reports, settle};

const SECOND: Duration = Duration::from_secs(1);

/// Counts how often it is dropped.
#[derive(Debug)]
struct Counted(Arc<AtomicU32>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// A desk with room for two. `hold` keeps it busy until the sender is dropped.
macro_rules! desk {
    ($module:ident: $($options:tt)*) => {
        mod $module {
            use super::*;

            #[derive(Default)]
            pub(super) struct Desk {
                seen: Vec<u32>,
                exits: usize,
            }

            #[genserver(mailbox = 2, trap_exit, $($options)*)]
            impl Desk {
                #[cast]
                pub(super) async fn hold(&mut self, until: oneshot::Receiver<()>) {
                    let _dropped = until.await;
                }

                #[cast]
                pub(super) fn note(&mut self, n: u32) {
                    self.seen.push(n);
                }

                #[cast]
                pub(super) fn carry(&mut self, _value: Counted) {}

                #[info]
                pub(super) fn tell(&mut self, n: u32) {
                    self.seen.push(n);
                }

                #[call]
                pub(super) fn ask(&mut self, n: u32) -> Vec<u32> {
                    self.seen.push(n);
                    self.seen.clone()
                }

                #[call]
                pub(super) fn seen(&mut self) -> (Vec<u32>, usize) {
                    (std::mem::take(&mut self.seen), self.exits)
                }

                /// Is attached to streams that always have something.
                #[call]
                pub(super) fn follow(&mut self, streams: usize, cx: &mut Context<Self>) {
                    for _ in 0..streams {
                        cx.attach(stream::repeat(SECOND)).work();
                    }
                }

                #[info]
                async fn work(&mut self, time: Duration) {
                    tokio::time::sleep(time).await;
                }

                #[exit]
                fn exited(&mut self, _from: Pid, _reason: ExitReason) {
                    self.exits += 1;
                }
            }

            /// One whose handler waits.
            pub(super) async fn busy() -> (DeskClient, oneshot::Sender<()>) {
                let desk = Desk::start().await.unwrap();
                let (open, until) = oneshot::channel();
                desk.hold(until).await.unwrap();
                settle().await;
                assert_eq!(desk.info().unwrap().mailbox_len, 0);
                (desk, open)
            }
        }
    };
}

desk!(waits: full = wait);
desk!(rejects: full = reject);
desk!(drops: full = drop_oldest);

#[tokio::test(start_paused = true)]
async fn r351_a_full_mailbox_makes_its_senders_wait_unless_told_otherwise() {
    let options = ServerOptions::new();
    assert!(format!("{options:?}").contains("full: Wait"));
    assert_eq!(Full::Wait, Full::Wait);
    let (desk, open) = waits::busy().await;
    for n in 1..=2 {
        desk.note(n).await.unwrap();
    }
    assert_eq!(
        desk.note(3).timeout(SECOND).await,
        Err(CastError::Timeout(SECOND))
    );
    assert_eq!(desk.note(3).try_send(), Err(TrySendError::Full));
    let (sent, ()) = tokio::join!(desk.note(4), async {
        settle().await;
        drop(open);
    });
    sent.unwrap();
    assert_eq!(desk.seen().await.unwrap().0, [1, 2, 4]);
    assert_eq!(desk.info().unwrap().dropped, 0);
}

#[tokio::test(start_paused = true)]
async fn r351_a_server_that_rejects_refuses_at_once() {
    let (desk, open) = rejects::busy().await;
    desk.note(1).await.unwrap();
    desk.tell(2).await.unwrap();
    let begun = tokio::time::Instant::now();
    assert_eq!(desk.note(3).await, Err(CastError::Full));
    assert_eq!(desk.note(3).no_timeout().await, Err(CastError::Full));
    assert_eq!(desk.tell(3).owned().await, Err(CastError::Full));
    assert_eq!(desk.note(3).try_send(), Err(TrySendError::Full));
    assert_eq!(desk.ask(3).await, Err(CallError::Full));
    assert_eq!(
        desk.ask(3).timeout(Duration::ZERO).await,
        Err(CallError::Full)
    );
    assert_eq!(desk.ask(3).await_restart().await, Err(CallError::Full));
    assert_eq!(desk.ask(3).owned().await, Err(CallError::Full));
    // What was not sent comes back.
    let refused = desk.note(7).keep_args().await.unwrap_err();
    assert_eq!(
        (*refused == CastError::Full, refused.into_args()),
        (true, Some(7))
    );
    let refused = desk.ask(8).keep_args().await.unwrap_err();
    assert_eq!(
        (*refused == CallError::Full, refused.into_args()),
        (true, Some(8))
    );
    let refused = desk.ask(9).owned().keep_args().await.unwrap_err();
    assert_eq!(refused.into_args(), Some(9));
    assert_eq!(begun.elapsed(), Duration::ZERO, "nobody has waited");
    let dropped = Arc::new(AtomicU32::new(0));
    let refused = desk.carry(Counted(Arc::clone(&dropped))).await;
    assert_eq!(
        (refused, dropped.load(Ordering::Relaxed)),
        (Err(CastError::Full), 1)
    );

    drop(open);
    settle().await;
    assert_eq!(desk.ask(4).await.unwrap(), [1, 2, 4]);
    desk.note(5).await.unwrap();
    assert_eq!(desk.seen().await.unwrap().0, [1, 2, 4, 5]);
    assert_eq!(desk.info().unwrap().dropped, 0);
    let says = CallError::Full.to_string();
    assert!(says.contains("the mailbox is full"), "{says}");
}

/// As the sender that waits for itself would.
#[tokio::test(start_paused = true)]
async fn r351_control_is_never_refused_or_dropped() {
    let (desk, open) = rejects::busy().await;
    for n in 1..=2 {
        desk.note(n).await.unwrap();
    }
    let pid = desk.pid().unwrap();
    for _ in 0..5 {
        suptree::exit(pid, ExitReason::Shutdown);
    }
    drop(open);
    settle().await;
    assert_eq!(desk.seen().await.unwrap(), (vec![1, 2], 5));
    desk.stop().await.unwrap();

    let (desk, open) = drops::busy().await;
    let pid = desk.pid().unwrap();
    desk.note(1).await.unwrap();
    // Exits stand in the mailbox like messages, in their order.
    for _ in 0..5 {
        suptree::exit(pid, ExitReason::Shutdown);
        settle().await;
    }
    for n in 2..=100 {
        desk.note(n).await.unwrap();
    }
    let stopped = tokio::spawn({
        let desk = desk.clone();
        async move { desk.stop().await }
    });
    settle().await;
    let log = Arc::new(Mutex::new(None));
    let asked = tokio::spawn({
        let (desk, log) = (desk.clone(), Arc::clone(&log));
        async move { *log.lock().unwrap() = Some(desk.seen().await) }
    });
    settle().await;
    for n in 101..=102 {
        desk.note(n).await.unwrap();
    }
    drop(open);
    stopped.await.unwrap().unwrap();
    asked.await.unwrap();
    let log = log.lock().unwrap().take();
    assert_eq!(log, Some(Err(CallError::Dropped)));
    assert!(!desk.is_alive());
}

#[tokio::test(start_paused = true)]
async fn r351_the_oldest_that_waits_is_dropped() {
    let reports = Reports::capture();
    let (desk, open) = drops::busy().await;
    let dropped = Arc::new(AtomicU32::new(0));
    desk.carry(Counted(Arc::clone(&dropped))).await.unwrap();
    assert_eq!(dropped.load(Ordering::Relaxed), 0);
    for n in 1..=8 {
        desk.note(n).await.unwrap();
        assert_eq!(dropped.load(Ordering::Relaxed), u32::from(n > 1));
        assert_eq!(desk.info().unwrap().mailbox_len, 2);
    }
    desk.tell(9).try_send().unwrap();
    assert_eq!(desk.info().unwrap().dropped, 8);
    drop(open);
    settle().await;
    assert_eq!(desk.seen().await.unwrap().0, [8, 9]);
    // It goes on as ever.
    for n in 1..=1_000 {
        desk.note(n).await.unwrap();
        tokio::task::yield_now().await;
    }
    assert_eq!(
        desk.seen().await.unwrap().0,
        (1..=1_000).collect::<Vec<_>>()
    );
    assert_eq!(desk.info().unwrap().dropped, 8);
    let warned: Vec<_> = reports
        .all()
        .iter()
        .filter(|report| report.field("message").contains("drops messages"))
        .map(|report| {
            (
                report.field("message_dropped").to_owned(),
                report.field("dropped").to_owned(),
            )
        })
        .collect();
    let said = |message: &str, n: &str| (message.to_owned(), n.to_owned());
    assert_eq!(
        warned,
        [
            said("carry", "1"),
            said("note", "2"),
            said("note", "4"),
            said("note", "8")
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn r351_the_caller_of_a_call_that_is_dropped_is_told() {
    let (desk, open) = drops::busy().await;
    let ask = |n| tokio::spawn(desk.ask(n).owned());
    let asked = [ask(1), ask(2), ask(3), ask(4)];
    settle().await;
    let kept = tokio::spawn(desk.ask(5).owned().keep_args());
    settle().await;
    // By the handler of another process, which goes on.
    let other = rejects::Desk::start().await.unwrap();
    other.note(0).await.unwrap();
    desk.note(6).await.unwrap();
    desk.note(7).await.unwrap();
    settle().await;
    for asked in asked {
        assert_eq!(asked.await.unwrap(), Err(CallError::Dropped));
    }
    let dropped = kept.await.unwrap().unwrap_err();
    assert_eq!(dropped.into_args(), None, "it had been sent");
    drop(open);
    settle().await;
    assert_eq!(desk.seen().await.unwrap().0, [6, 7]);
    let says = CallError::Dropped.to_string();
    assert!(says.contains("dropped from a full mailbox"), "{says}");
}

/// A server that drops a call of another one's mailbox is not left meanwhile.
#[derive(Default)]
struct Pushy;

#[genserver]
impl Pushy {
    #[call]
    async fn push(&self, desk: drops::DeskClient, told: oneshot::Receiver<()>) -> bool {
        for n in 1..=2 {
            desk.note(n).await.unwrap();
        }
        // Its caller is told while this still runs.
        tokio::time::timeout(SECOND, told).await.is_ok()
    }
}

#[tokio::test(start_paused = true)]
async fn r351_a_call_that_a_handler_drops_is_told_at_once() {
    let (desk, open) = drops::busy().await;
    let (told, hears) = oneshot::channel();
    let asking = tokio::spawn({
        let desk = desk.clone();
        async move {
            let asked = desk.ask(0).await;
            told.send(()).unwrap();
            asked
        }
    });
    settle().await;
    let pushy = Pushy::start().await.unwrap();
    assert!(pushy.push(desk.clone(), hears).await.unwrap());
    assert_eq!(asking.await.unwrap(), Err(CallError::Dropped));
    drop(open);
}

#[tokio::test(start_paused = true)]
async fn r351_what_a_timer_sends_to_a_mailbox_that_drops_drops_the_oldest() {
    let (desk, open) = drops::busy().await;
    desk.tell(9).send_after(SECOND);
    for n in 1..=2 {
        desk.note(n).await.unwrap();
    }
    tokio::time::sleep(2 * SECOND).await;
    drop(open);
    settle().await;
    assert_eq!(desk.seen().await.unwrap().0, [2, 9]);

    // One that sends again and again goes on.
    let (desk, open) = drops::busy().await;
    let timer = desk.tell(9).send_every(SECOND);
    tokio::time::sleep(3 * SECOND / 2).await;
    assert_eq!(desk.info().unwrap().mailbox_len, 1);
    for n in 1..=2 {
        desk.note(n).await.unwrap();
    }
    drop(open);
    tokio::time::sleep(5 * SECOND).await;
    let seen = desk.seen().await.unwrap().0;
    assert_eq!(seen[..2], [1, 2]);
    assert!(timer.left().is_some(), "it goes on");
    assert!(
        seen[2..].iter().all(|n| *n == 9) && seen.len() > 4,
        "{seen:?}"
    );
}

/// Each has its own: in place, begun, and by the loop.
#[tokio::test]
async fn r351_an_idle_server_is_called_in_place_whatever_it_does_with_a_full_mailbox() {
    let desk = drops::Desk::start().await.unwrap();
    tokio::spawn(async move {
        for n in 1..=1_000 {
            desk.ask(n).await.unwrap();
        }
        assert_eq!(desk.seen().await.unwrap().0.len(), 1_000);
    })
    .await
    .unwrap();
}

/// Looks at the streams are queued all the time, more of them than there is room for messages.
#[tokio::test(start_paused = true)]
async fn r370_streams_take_no_room_from_messages() {
    let desk = waits::Desk::start().await.unwrap();
    desk.follow(5).await.unwrap();
    settle().await;
    for n in 1..=2 {
        desk.note(n).try_send().unwrap();
    }
    assert_eq!(desk.note(3).try_send(), Err(TrySendError::Full));
    join_all((3..=40).map(|n| desk.note(n).timeout(300 * SECOND)))
        .await
        .into_iter()
        .for_each(Result::unwrap);
    let seen = desk.seen().timeout(60 * SECOND).await.unwrap().0;
    assert_eq!(seen, (1..=40).collect::<Vec<_>>());

    let desk = rejects::Desk::start().await.unwrap();
    desk.follow(5).await.unwrap();
    settle().await;
    for n in 1..=2 {
        desk.note(n).await.unwrap();
    }
    assert!(matches!(desk.note(3).await, Err(CastError::Full)));
    tokio::time::sleep(20 * SECOND).await;
    let seen = desk.seen().timeout(60 * SECOND).await.unwrap().0;
    assert_eq!(seen, [1, 2]);

    let desk = drops::Desk::start().await.unwrap();
    desk.follow(5).await.unwrap();
    settle().await;
    for n in 1..=4 {
        desk.note(n).await.unwrap();
    }
    tokio::time::sleep(20 * SECOND).await;
    let seen = desk.seen().timeout(60 * SECOND).await.unwrap().0;
    assert_eq!(seen, [3, 4]);
}

/// Nor do exits: what comes is not dropped for one that waits.
#[tokio::test(start_paused = true)]
async fn r370_exits_take_no_room_from_messages() {
    let (desk, open) = drops::busy().await;
    let pid = desk.pid().unwrap();
    for n in 1..=3 {
        for _ in 0..3 {
            suptree::exit(pid, ExitReason::Shutdown);
            settle().await;
        }
        desk.note(n).await.unwrap();
    }
    assert_eq!(desk.info().unwrap().dropped, 1);
    drop(open);
    settle().await;
    assert_eq!(desk.seen().await.unwrap(), (vec![2, 3], 9));
}

/// Its queue is never empty, and nothing in it waits.
#[derive(Default)]
struct Busy {
    sum: u32,
    items: u64,
}

#[genserver(mailbox = 64)]
impl Busy {
    #[call]
    fn follow(&mut self, streams: usize, cx: &mut Context<Self>) {
        for _ in 0..streams {
            cx.attach(stream::repeat(())).item();
        }
    }

    #[info]
    fn item(&mut self) {
        self.items += 1;
    }

    #[cast]
    fn add(&mut self, n: u32) {
        self.sum += n;
    }

    #[call]
    fn sum(&self) -> u32 {
        self.sum
    }
}

#[tokio::test]
async fn r370_senders_get_in_though_streams_keep_the_server_busy() {
    for streams in [1, 70] {
        let busy = Busy::start().await.unwrap();
        busy.follow(streams).await.unwrap();
        join_all((0..1_000).map(|_| busy.add(1).timeout(60 * SECOND)))
            .await
            .into_iter()
            .for_each(Result::unwrap);
        assert_eq!(busy.sum().await, Ok(1_000));
        busy.stop().await.unwrap();
    }
}
