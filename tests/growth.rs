//! Growth: what a program does often costs in proportion to how often it does it, however much there is of everything else.
//!
//! Each operation is done so many times, and four times as many. A walk through a list of everything makes that up to sixteen
//! times as long. What disturbs a measurement makes it longer, so each counts by its shortest run.

// What is measured is a future that the one that prepares it gives.
#![allow(clippy::async_yields_async)]

mod children;
mod dynamic_children;
mod links;
mod messages;
mod names;
mod tasks;

use std::future::Future;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use suptree::prelude::*;
use suptree::{MonitorRef, link, unlink};

/// How many times as long four times as many may take.
const MOST: u32 = 8;
const TRIES: u32 = 20;

/// `prepare` sets up so many, and gives what is measured.
async fn in_proportion<P, M>(few: usize, prepare: P)
where
    P: AsyncFn(usize) -> M,
    M: Future<Output = ()>,
{
    let mut shortest = [Duration::MAX; 2];
    for _ in 0..TRIES {
        for (shortest, many) in shortest.iter_mut().zip([few, few * 4]) {
            let measured = prepare(many).await;
            let begun = worked();
            measured.await;
            let took = worked().saturating_sub(begun);
            // The system counts in steps; within one of them nothing is known.
            if !took.is_zero() {
                *shortest = took.min(*shortest);
            }
        }
        if shortest[1] < shortest[0].saturating_mul(MOST) {
            return;
        }
    }
    let [little, much] = shortest;
    panic!("{few} took {little:?}, four times as many {much:?}");
}

/// How long this thread has worked; or, where the system does not say, how late it is.
pub(crate) fn worked() -> Duration {
    // The system counts up when the thread lets go of its processor.
    std::thread::yield_now();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.and_then(|told| told.split(' ').next()?.parse().ok());
    nanos.map_or_else(since_the_first_look, Duration::from_nanos)
}

fn since_the_first_look() -> Duration {
    static FIRST: OnceLock<Instant> = OnceLock::new();
    FIRST.get_or_init(Instant::now).elapsed()
}

/// The numbers below this one, each once, in no order.
fn scattered(many: usize) -> impl Iterator<Item = usize> {
    (0..many).map(move |at| at * 7_919 % many)
}

#[derive(Default)]
struct Leaf;

#[genserver(restart = temporary)]
impl Leaf {
    #[call]
    fn here(&self) -> bool {
        true
    }
}

async fn leaves(many: usize) -> Vec<LeafClient> {
    let mut leaves = Vec::with_capacity(many);
    for _ in 0..many {
        leaves.push(Leaf::start().await.unwrap());
    }
    leaves
}

fn pids(leaves: &[LeafClient]) -> Vec<Pid> {
    leaves.iter().map(|leaf| leaf.pid().unwrap()).collect()
}

/// Does to others what only a process can.
#[derive(Default)]
struct Hub(Vec<ReplyTo<()>>);

#[genserver(trap_exit)]
impl Hub {
    #[call]
    fn link_all(&self, pids: Vec<Pid>) {
        pids.into_iter().for_each(link);
    }

    #[call]
    fn unlink_all(&self, pids: Vec<Pid>) {
        pids.into_iter().for_each(unlink);
    }

    #[call]
    fn watch_all(&self, pids: Vec<Pid>, cx: &mut Context<Self>) -> Vec<MonitorRef> {
        pids.iter().map(|pid| cx.monitor(pid)).collect()
    }

    #[call]
    fn forget_all(&self, monitors: Vec<MonitorRef>, cx: &mut Context<Self>) -> bool {
        monitors.into_iter().all(|monitor| cx.demonitor(monitor))
    }

    #[down]
    fn down(&mut self, _down: Down) {}

    #[exit]
    fn exited(&mut self, _from: Pid, _reason: ExitReason) {}

    #[call]
    fn keep(&mut self, reply: ReplyTo<()>) {
        self.0.push(reply);
    }

    #[call]
    fn kept(&self) -> usize {
        self.0.len()
    }

    #[call]
    fn answer(&mut self) {
        self.0.drain(..).for_each(|reply| reply.send(()));
    }

    /// Leaves callers without a reply, and calls another server after each.
    #[call]
    async fn forget(&mut self, other: LeafClient) {
        for reply in self.0.drain(..) {
            drop(reply);
            assert_eq!(other.here().await, Ok(true));
        }
    }
}
