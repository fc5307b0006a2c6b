//! Whose clock a caller's wait is on, with two runtimes; and that a bug in it shows.

use std::future::poll_fn;
use std::task::Waker;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use super::*;
use crate::planted::plant;
use crate::process::node::Node;
use crate::process::timer::Timer;
use crate::reply::cache;

const LONG: Duration = Duration::from_secs(1);

fn paused() -> Runtime {
    let mut builder = Builder::new_current_thread();
    builder.enable_time().start_paused(true).build().unwrap()
}

fn clock_of(runtime: &Runtime) -> Clock {
    runtime.block_on(async { Clock::of(&Node::current_or_new().unwrap()) })
}

/// Whether it is ready within a long time of this runtime. In a task: elsewhere a thread helps.
fn comes(runtime: &Runtime, future: impl Future<Output = ()> + Send + 'static) -> bool {
    let task = runtime.spawn(async {
        poll_fn(|cx| {
            crate::guard::trust(cx.waker());
            Poll::Ready(())
        })
        .await;
        let begun = rt::now();
        let ready = tokio::time::timeout(LONG, future).await.is_ok();
        ready && begun.elapsed() < LONG
    });
    runtime.block_on(task).unwrap()
}

async fn overdue(opened: Opened<u32>) {
    let mut opened = opened;
    poll_fn(|cx| match opened.poll(cx) {
        Poll::Ready(Answer::Overdue(_)) => Poll::Ready(()),
        _ => Poll::Pending,
    })
    .await;
}

fn timer(clock: Clock) -> impl Future<Output = ()> {
    let mut timer = Timer::new(rt::now() + LONG / 2, clock);
    poll_fn(move |cx| timer.poll(cx))
}

fn a_timer_is_the_callers() -> bool {
    let (server, caller) = (clock_of(&paused()), paused());
    let not_driven = paused();
    let there = clock_of(&not_driven);
    // Of a runtime that is gone, and of one that nobody drives.
    [server, there]
        .into_iter()
        .all(|clock| comes(&caller, async move { timer(clock).await }))
}

fn a_slot_is_noted_where_its_caller_is() -> bool {
    let (one, other) = (paused(), paused());
    let (mut opened, _reply) = one.block_on(async { cache::open::<u32>() });
    one.block_on(poll_fn(|cx| Poll::Ready(opened.poll(cx).is_ready())));
    // Used again, by a call of the other runtime.
    cache::close(opened);
    let (opened, _reply) = other.block_on(async { cache::open::<u32>() });
    comes(&other, overdue(opened))
}

fn a_slot_moves_with_its_caller() -> bool {
    let (one, other) = (paused(), paused());
    let (mut opened, _reply) = one.block_on(async { cache::open::<u32>() });
    one.block_on(poll_fn(|cx| Poll::Ready(opened.poll(cx).is_ready())));
    comes(&other, overdue(opened))
}

fn all_hold() -> bool {
    let all = [
        a_timer_is_the_callers(),
        a_slot_is_noted_where_its_caller_is(),
        a_slot_moves_with_its_caller(),
    ];
    all == [true; 3]
}

#[test]
fn a_callers_time_is_on_its_own_clock() {
    assert!(all_hold());
}

#[test]
fn planted_bugs_of_clocks_are_found() {
    for (bug, what) in Bug::CLOCKS {
        plant(Some(*bug));
        let holds = all_hold();
        plant(None);
        assert!(!holds, "not found: {what}");
    }
}

/// A tick that comes late, as when its runtime was blocked, is not taken for the time that a later call has waited.
#[test]
fn a_late_tick_does_not_end_a_call_that_began_after_the_one_it_was_for() {
    let begun = rt::now();
    let noted = Listed {
        clock: Clock::THREAD,
        since: begun,
        generation: 1,
        helped: false,
    };
    let late = begun + LONG;
    for (generation, since) in [(1, begun), (2, late - TICK)] {
        let mut head = Head::new();
        head.generation = generation;
        head.noted = Some(noted);
        head.waker.register(&mut Waiter::new(Waker::noop()));
        assert!(head.tick().is_some());
        assert_eq!(head.since(late), Some(since));
        assert!(!head.tick().is_some());
    }
}
