//! Calls: one client after the other's answer, and 64 clients at once.

use std::future::Future;
use std::marker::PhantomData;
use std::time::Instant;

use crate::system::{Mailbox, System};

pub(super) const CLIENTS: usize = 64;

/// Which of a system's calls is measured. (A closure cannot say that the future it returns is `Send`.)
pub(super) trait Call<S: System>: Send + 'static {
    fn call(client: &S::Client) -> impl Future<Output = u64> + Send;
}

pub(super) struct Plain<S>(PhantomData<S>);
pub(super) struct Async<S>(PhantomData<S>);
pub(super) struct Queued<S>(PhantomData<S>);

impl<S: System> Call<S> for Plain<S> {
    fn call(client: &S::Client) -> impl Future<Output = u64> + Send {
        S::call(client)
    }
}

impl<S: System> Call<S> for Async<S> {
    fn call(client: &S::Client) -> impl Future<Output = u64> + Send {
        S::call_async(client)
    }
}

impl<S: System> Call<S> for Queued<S> {
    fn call(client: &S::Client) -> impl Future<Output = u64> + Send {
        S::call_queued(client)
    }
}

/// `n` calls of one client, one after the other; ns a call.
pub(super) async fn one_client<S: System, C: Call<S>>(n: u64) -> f64 {
    let server = S::start(Mailbox::Default).await;
    let client = S::client(&server);
    S::cast(&client, 7).await;
    while C::call(&client).await != 7 {
        tokio::task::yield_now().await;
    }
    for _ in 0..n / 20 {
        C::call(&client).await;
    }
    let begin = Instant::now();
    let mut sum = 0;
    for _ in 0..n {
        sum += C::call(&client).await;
    }
    let elapsed = begin.elapsed();
    assert_eq!(sum, 7 * n);
    drop(server);
    elapsed.as_nanos() as f64 / n as f64
}

/// `n` calls of 64 clients at once, shared out over `servers` servers; ns a call of them all together.
pub(super) async fn many_clients<S: System>(n: u64, servers: usize) -> f64 {
    let mut running = Vec::new();
    for _ in 0..servers {
        running.push(S::start(Mailbox::Default).await);
    }
    let clients: Vec<_> = (0..CLIENTS)
        .map(|i| S::client(&running[i % servers]))
        .collect();
    let each = n / CLIENTS as u64;
    let warm_up = each / 10 + 1;
    calls_of_each::<S>(&clients, warm_up).await;
    let begin = Instant::now();
    calls_of_each::<S>(&clients, each).await;
    let elapsed = begin.elapsed();
    drop(running);
    elapsed.as_nanos() as f64 / (each * CLIENTS as u64) as f64
}

async fn calls_of_each<S: System>(clients: &[S::Client], calls: u64) {
    let spawned: Vec<_> = clients
        .iter()
        .map(|client| {
            let client = client.clone();
            S::spawn_client(async move {
                let mut sum = 0u64;
                for _ in 0..calls {
                    sum += S::call(&client).await;
                }
                sum
            })
        })
        .collect();
    for client in spawned {
        client.await;
    }
}
