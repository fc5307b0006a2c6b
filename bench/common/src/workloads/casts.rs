//! Bursts of casts, until the server has worked off the last one.

use std::time::Instant;

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
