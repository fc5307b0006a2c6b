//! Random chains of calls through a few servers: whoever is told of a cycle is in one, and nobody waits for ever.

use std::sync::Arc;
use std::time::Duration;

use suptree::prelude::*;
use tokio::time::Instant;

use crate::cycles::{Outcome, is_told};

/// Which server is in a call to which, as their handlers say.
type InCalls = Arc<std::sync::Mutex<std::collections::HashMap<Pid, Pid>>>;

#[derive(Default)]
struct Walker;

#[genserver]
impl Walker {
    #[call]
    async fn walk(&self, chain: Vec<WalkerClient>, calls: InCalls) -> Outcome {
        let Some((next, rest)) = chain.split_first() else {
            return Ok(0);
        };
        calls
            .lock()
            .unwrap()
            .insert(self_pid(), next.pid().unwrap());
        let walked = next
            .walk(rest.to_vec(), Arc::clone(&calls))
            .no_timeout()
            .await;
        let mut calls = calls.lock().unwrap();
        if let Err(CallError::Deadlock(cycle)) = &walked {
            // Every one of them is in that call: none can have come out of it before this one does.
            let members: Vec<_> = cycle.pids().collect();
            for (at, pid) in members.iter().enumerate() {
                let next = members[(at + 1) % members.len()];
                assert_eq!(calls.get(pid), Some(&next), "{cycle}: {calls:?}");
            }
            assert_eq!(members[0], self_pid());
        }
        calls.remove(&self_pid());
        drop(calls);
        Ok(1 + walked??)
    }
}

/// Chains of calls through a few servers, many at once. Each comes to its end: nobody is left who waits for ever, and nobody is told who
/// could have gone on.
async fn random_walks(seed: u64, rounds: usize) -> usize {
    let mut random = seed;
    let mut below = move |most: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        usize::try_from(random % most as u64).unwrap()
    };
    let mut told = 0;
    for _ in 0..rounds {
        let mut servers = Vec::new();
        for _ in 0..2 + below(4) {
            servers.push(Walker::start().await.unwrap());
        }
        let calls = InCalls::default();
        let walks: Vec<_> = (0..2 + below(6))
            .map(|_| {
                let mut chain: Vec<WalkerClient> = Vec::new();
                while chain.len() < 2 + below(4) {
                    let next = &servers[below(servers.len())];
                    if chain.last().is_none_or(|last| last.pid() != next.pid()) {
                        chain.push(next.clone());
                    }
                }
                let (first, calls) = (chain.remove(0), Arc::clone(&calls));
                tokio::spawn(async move { first.walk(chain, calls).no_timeout().await.unwrap() })
            })
            .collect();
        for walk in walks {
            match walk.await.unwrap() {
                Ok(_) => {}
                outcome if is_told(&outcome) => told += 1,
                outcome => panic!("{outcome:?}"),
            }
        }
    }
    told
}

#[tokio::test(start_paused = true)]
async fn r336_random_chains_of_calls_all_come_to_their_end() {
    let began = Instant::now();
    let told = random_walks(0x1234_5678_9abc_def1, 300).await;
    assert!(told > 20, "{told}");
    assert_eq!(began.elapsed(), Duration::ZERO);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r336_random_chains_of_calls_on_several_threads() {
    let walks = (1..=4).map(|seed| tokio::spawn(random_walks(0x9e37_79b9_7f4a_7c15 ^ seed, 150)));
    for walk in walks.collect::<Vec<_>>() {
        walk.await.unwrap();
    }
}
