//! What a caller works off that others have sent: little, and for a short time. Its own deadline comes first.
//!
//! Real time where the handlers' own time is what is measured: a sleep takes at least as long as it says.

use std::time::Duration;

use suptree::ServerOptions;

use crate::support::{
    Act, Begun, ByLoop, Cx, Kind, Log, Plain, Probe, Server, act, add, does, get, ms, poll_once,
    settle, start,
};

/// Longer than a caller helps.
const LONG: Duration = Duration::from_micros(200);

fn slow<K: Kind>() -> Act<K> {
    act(|probe, _| {
        std::thread::sleep(LONG);
        probe.n += 1;
    })
}

fn fast<K: Kind>() -> Act<K> {
    act(|probe, _| probe.n += 1)
}

/// A server with messages that its task has not seen yet: nobody else runs meanwhile.
async fn with_backlog<K: Kind>(messages: u64, message: fn() -> Act<K>) -> Server<K> {
    let server = start::<K>("a", &Log::new()).await;
    // It has its task from here on.
    server.cast(fast()).await.unwrap();
    settle().await;
    assert_eq!(handled(&server), 1);
    for _ in 0..messages {
        server.cast(message()).try_send().unwrap();
    }
    server
}

fn handled<K: Kind>(server: &Server<K>) -> u64 {
    server.info().map_or(u64::MAX, |info| info.handled)
}

async fn call_behind_slow_casts<K: Kind>() {
    let server = with_backlog::<K>(20, slow).await;
    let mut call = server.call(get()).into_future();
    assert!(poll_once(&mut call).is_pending());
    // Two whose time was not taken, and the one that took too long.
    assert_eq!(handled(&server), 1 + 3);
    assert_eq!(call.await, Ok(21));
}

#[tokio::test]
async fn r111_a_caller_leaves_a_slow_backlog_to_the_servers_task() {
    call_behind_slow_casts::<Plain>().await;
    call_behind_slow_casts::<Begun>().await;
    call_behind_slow_casts::<ByLoop>().await;
}

/// They would otherwise get a turn once in some sixty.
#[tokio::test]
async fn r111_the_servers_task_lets_timers_in() {
    let server = with_backlog::<Plain>(1_000, slow).await;
    tokio::time::sleep(LONG * 100).await;
    let before = handled(&server);
    assert!(before < 500, "{before} of 1,000 before a timer");
    tokio::time::sleep(LONG).await;
    let between = handled(&server) - before;
    assert!(between < 100, "{between} more before the next one");
    assert_eq!(server.call(get()).timeout(ms(60_000)).await, Ok(1_001));
}

/// A clock that stands still: the number alone bounds it.
#[tokio::test(start_paused = true)]
async fn r111_a_caller_works_off_a_short_backlog_and_a_part_of_a_long_one() {
    let server = with_backlog::<Plain>(100, fast).await;
    let mut call = server.call(get()).into_future();
    assert!(poll_once(&mut call).is_ready());
    let server = with_backlog::<Plain>(1_000, fast).await;
    let mut call = server.call(get()).into_future();
    assert!(poll_once(&mut call).is_pending());
    assert!((100..=256).contains(&handled(&server)));
    assert_eq!(call.await, Ok(1_001));
}

#[tokio::test]
async fn r111_a_stop_leaves_a_slow_backlog_to_the_servers_task() {
    let server = with_backlog::<Plain>(20, slow).await;
    let mut stop = Box::pin(server.stop());
    assert!(poll_once(&mut stop).is_pending());
    assert_eq!(handled(&server), 1 + 3);
    stop.await.unwrap();
}

struct InlineCasts;

impl Kind for InlineCasts {
    const OPTIONS: ServerOptions = ServerOptions::new().inline_casts(true);
}

#[tokio::test]
async fn r111_an_inline_cast_leaves_a_slow_backlog_to_the_servers_task() {
    let server = with_backlog::<InlineCasts>(0, slow).await;
    let (gate, opened) = crate::support::gated();
    server.cast(opened).await.unwrap();
    for _ in 0..20 {
        server.cast(slow()).try_send().unwrap();
    }
    gate.send(()).unwrap();
    let before = handled(&server);
    let mut cast = server.cast(slow()).into_future();
    assert!(poll_once(&mut cast).is_ready());
    assert!(handled(&server) - before <= 4);
    while handled(&server) < before + 22 {
        tokio::task::yield_now().await;
    }
}

/// What came up while a caller ran the server is somebody else's, too.
#[tokio::test]
async fn r111_a_caller_with_its_answer_does_not_stay_for_a_slow_backlog() {
    let server = start::<Plain>("a", &Log::new()).await;
    settle().await;
    let itself = server.clone();
    let sends = does(move |_: &mut Probe<Plain>, _: &mut Cx<Plain>| {
        for _ in 0..20 {
            itself.cast(slow()).try_send().unwrap();
        }
    });
    let mut call = server.call(sends).into_future();
    assert!(poll_once(&mut call).is_ready());
    assert!(handled(&server) <= 1 + 3, "{}", handled(&server));
    assert_eq!(server.call(get()).await, Ok(20));
}

/// Whether a call is answered in its caller's task.
async fn in_place<K: Kind>(server: &Server<K>) -> bool {
    let here = tokio::task::try_id();
    let there = server.call(does(|_, _| tokio::task::try_id())).await;
    there == Ok(here)
}

async fn is_found_slow<K: Kind>(rounds: u32, round: impl AsyncFn(&Server<K>)) -> bool {
    let server = start::<K>("a", &Log::new()).await;
    settle().await;
    assert!(in_place_in_a_task(&server).await);
    for _ in 0..rounds {
        round(&server).await;
        if !in_place_in_a_task(&server).await {
            return true;
        }
    }
    false
}

async fn in_place_in_a_task<K: Kind>(server: &Server<K>) -> bool {
    let server = server.clone();
    tokio::spawn(async move { in_place(&server).await })
        .await
        .unwrap()
}

#[tokio::test]
async fn r112_a_server_of_slow_and_fast_handlers_is_found_slow() {
    let mix = async |server: &Server<Plain>| {
        for n in 0..300 {
            if n % 3 == 0 {
                let slow = does(|_, _| std::thread::sleep(LONG));
                server.call(slow).await.unwrap();
            } else {
                server.call(add(1)).await.unwrap();
            }
        }
    };
    assert!(is_found_slow(10, mix).await);
}

#[tokio::test]
async fn r112_a_server_whose_casts_are_slow_is_found_slow() {
    let casts = async |server: &Server<Plain>| {
        for _ in 0..5 {
            server.cast(slow()).await.unwrap();
        }
        server.call(get()).await.unwrap();
    };
    assert!(is_found_slow(50, casts).await);
}

#[tokio::test]
async fn r112_a_server_whose_inline_casts_are_slow_is_found_slow() {
    let casts = async |server: &Server<InlineCasts>| {
        for _ in 0..100 {
            server.cast(slow()).await.unwrap();
        }
    };
    assert!(is_found_slow(20, casts).await);
}
