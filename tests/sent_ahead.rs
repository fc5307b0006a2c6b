//! Requests that are sent now, and collected later: futures of calls in a collection, as OTP's request ids are.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::{FutureExt as _, join_all};
use futures_util::stream::FuturesUnordered;
use suptree::prelude::*;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout, timeout_at};

use crate::growth::worked;
use crate::support::{ms, settle};

#[derive(Default)]
struct Slow(u32);

#[genserver]
impl Slow {
    #[call]
    async fn get_after(&mut self, delay: Duration) -> u32 {
        tokio::time::sleep(delay).await;
        self.0 += 1;
        self.0
    }

    #[call]
    fn served(&self) -> u32 {
        self.0
    }
}

async fn slow(count: usize) -> Vec<SlowClient> {
    let mut servers = Vec::new();
    for _ in 0..count {
        servers.push(Slow::start().await.unwrap());
    }
    servers
}

/// The answers come as the servers are ready, each with its label; then there is no request any more.
#[tokio::test(start_paused = true)]
async fn gs_66_requests_are_collected_by_label_as_they_are_answered() {
    let servers = slow(3).await;
    let mut requests = FuturesUnordered::new();
    for ((label, delay), server) in [(1, 400), (2, 1), (3, 200)].into_iter().zip(&servers) {
        let call = server.get_after(ms(delay));
        requests.push(call.map(move |answer| (label, answer)));
    }
    let mut seen = Vec::new();
    while let Some((label, answer)) = requests.next().await {
        seen.push((label, answer, requests.len()));
    }
    assert_eq!(seen, [(2, Ok(1), 2), (3, Ok(1), 1), (1, Ok(1), 0)]);
}

/// Who waits until a deadline loses nothing; who drops the collection has given up what was left of it.
#[tokio::test(start_paused = true)]
async fn gs_67_a_deadline_keeps_the_collection_and_a_drop_gives_it_up() {
    let servers = slow(2).await;
    let delays = [200, 300].map(ms);
    let mut requests: FuturesUnordered<_> = servers
        .iter()
        .zip(delays)
        .map(|(server, delay)| server.get_after(delay))
        .collect();
    assert!(timeout(ms(100), requests.next()).await.is_err());
    assert_eq!(requests.len(), 2);
    assert_eq!(requests.next().await, Some(Ok(1)));
    assert!(timeout(ms(10), requests.next()).await.is_err());
    drop(requests);
    // What was sent is handled all the same; nobody hears of it.
    assert_eq!(servers[1].served().await, Ok(1));
}

/// A server that ends fails its own request, and no other.
#[tokio::test(start_paused = true)]
async fn gs_68_a_server_that_ends_fails_its_own_request() {
    let servers = slow(3).await;
    let mut requests = join_all(servers.iter().map(|server| server.get_after(ms(50))));
    assert!((&mut requests).now_or_never().is_none());
    servers[1].exit(ExitReason::Shutdown);
    let exited = Err(CallError::Exited(ExitReason::Shutdown));
    assert_eq!(requests.await, [Ok(1), exited, Ok(1)]);
}

/// A request to nobody is answered, and does not end who has sent it.
#[tokio::test]
async fn gs_70_a_request_to_nobody_is_answered() {
    let gone = Slow::start().await.unwrap();
    gone.stop().await.unwrap();
    let servers = [Slow::start().await.unwrap(), gone];
    let answers = join_all(servers.iter().map(SlowClient::served)).await;
    assert_eq!(answers, [Ok(0), Err(CallError::NoProc)]);
}

/// One request to many, with one deadline: who has answered by then, and who has not. What comes later reaches nobody.
#[tokio::test(start_paused = true)]
async fn gs_71_one_request_to_many_with_one_deadline() {
    let mut servers = slow(3).await;
    servers[2].kill();
    servers.push(slow(1).await.remove(0));
    let delays = [10, 500, 10, 20].map(ms);
    let deadline = Instant::now() + ms(100);
    let asked = servers.iter().zip(delays);
    let answers =
        join_all(asked.map(|(server, delay)| timeout_at(deadline, server.get_after(delay))));
    let answers = answers.await;
    assert_eq!(Instant::now(), deadline);
    let answers: Vec<_> = answers.into_iter().map(Result::ok).collect();
    let killed = Err(CallError::Exited(ExitReason::Killed));
    let noproc = Err(CallError::NoProc);
    let nobody = [Some(killed), Some(noproc)];
    assert!(nobody.contains(&answers[2]), "{answers:?}");
    assert_eq!(
        [&answers[0], &answers[1], &answers[3]],
        [&Some(Ok(1)), &None, &Some(Ok(1))]
    );
    // The late answer does not come to the next call.
    settle().await;
    assert_eq!(servers[1].get_after(ms(1)).await, Ok(2));
}

/// A server with messages that it has not read.
struct Busy(SlowClient, Arc<Notify>);

#[genserver(mailbox = unbounded)]
impl Busy {
    #[init]
    fn init(server: SlowClient, go: Arc<Notify>) -> Self {
        Self(server, go)
    }

    /// How long so many calls take, once they may go.
    #[call]
    async fn calls(&self, count: u32) -> Duration {
        self.1.notified().await;
        let begun = worked();
        for _ in 0..count {
            self.0.served().await.unwrap();
        }
        worked().saturating_sub(begun)
    }

    #[cast]
    fn ignore(&self) {}
}

/// Replies do not go through the mailbox: 10,000 calls take no longer when their caller has half a million messages unread.
#[tokio::test]
async fn gs_74_a_call_takes_no_longer_with_unread_messages() {
    const CALLS: u32 = 10_000;
    let mut shortest = [Duration::MAX; 2];
    for _ in 0..5 {
        for (shortest, unread) in shortest.iter_mut().zip([0, 500_000]) {
            let (server, go) = (Slow::start().await.unwrap(), Arc::new(Notify::new()));
            let busy = Busy::start(server, Arc::clone(&go)).await.unwrap();
            let mut calls = busy.calls(CALLS);
            assert!((&mut calls).now_or_never().is_none());
            for _ in 0..unread {
                busy.ignore().try_send().unwrap();
            }
            go.notify_one();
            *shortest = calls.await.unwrap().min(*shortest);
            busy.kill();
        }
        if shortest[1] < shortest[0] * 10 {
            return;
        }
    }
    panic!(
        "{CALLS} calls took {:?}, with unread messages {:?}",
        shortest[0], shortest[1]
    );
}
