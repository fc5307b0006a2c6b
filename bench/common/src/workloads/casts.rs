//! Bursts of casts, until the server has worked off the last one.

use std::time::{Duration, Instant};

use tokio::task::yield_now;

use crate::system::{Mailbox, System};

/// `n` casts of `producers` clients, then a call that finds them all done; ns a cast.
pub(super) async fn burst<S: System>(n: u64, producers: u64, mailbox: Mailbox) -> f64 {
    let server = S::start(mailbox).await;
    let client = S::client(&server);
    let warm_up = n / 50;
    casts::<S>(&client, warm_up).await;
    wait_for_value::<S>(&client, warm_up).await;

    let each = n / producers;
    let begin = Instant::now();
    if producers == 1 {
        casts::<S>(&client, each).await;
    } else {
        let spawned: Vec<_> = (0..producers)
            .map(|_| {
                let client = client.clone();
                S::spawn_client(async move { casts::<S>(&client, each).await })
            })
            .collect();
        for producer in spawned {
            producer.await;
        }
    }
    wait_for_value::<S>(&client, warm_up + each * producers).await;
    let elapsed = begin.elapsed();
    drop(server);
    elapsed.as_nanos() as f64 / (each * producers) as f64
}

/// How many senders a crowd has: about as many as there is room in the mailbox.
const CROWD: u64 = 1_000;

/// What a crowd of senders meets at one server.
pub(super) struct Crowd {
    /// Nanoseconds a cast, of all of them together.
    pub(super) cast: f64,
    /// The longest that one of them waited for room, in milliseconds.
    pub(super) worst: f64,
}

/// `n` casts of a thousand clients to one server, each of which waits for room.
pub(super) async fn crowd<S: System>(n: u64, mailbox: Mailbox) -> Crowd {
    let server = S::start(mailbox).await;
    let client = S::client(&server);
    wait_for_value::<S>(&client, 0).await;

    let each = (n / CROWD).max(1);
    let begin = Instant::now();
    let spawned: Vec<_> = (0..CROWD)
        .map(|_| {
            let client = client.clone();
            S::spawn_client(async move {
                let mut worst = Duration::ZERO;
                for _ in 0..each {
                    let begin = Instant::now();
                    S::cast(&client, 1).await;
                    worst = worst.max(begin.elapsed());
                }
                worst
            })
        })
        .collect();
    let mut worst = Duration::ZERO;
    for sender in spawned {
        worst = worst.max(sender.await);
    }
    wait_for_value::<S>(&client, each * CROWD).await;
    let elapsed = begin.elapsed();
    drop(server);
    Crowd {
        cast: elapsed.as_nanos() as f64 / (each * CROWD) as f64,
        worst: worst.as_secs_f64() * 1e3,
    }
}

async fn casts<S: System>(client: &S::Client, n: u64) {
    for _ in 0..n {
        S::cast(client, 1).await;
    }
}

async fn wait_for_value<S: System>(client: &S::Client, expected: u64) {
    let mut value = S::call(client).await;
    while !S::FIFO && value < expected {
        yield_now().await;
        value = S::call(client).await;
    }
    assert_eq!(
        value, expected,
        "every cast is done when the call after them is answered"
    );
}
