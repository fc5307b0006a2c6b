//! `Watchdog`: a thread that names the handlers which hold their workers for too long.
//!
//! It asks each runtime what its workers have done since it looked last. One that is awake, and has done nothing that the scheduler
//! counts, is in one poll all the time; then, and only then, it looks through the servers of that runtime for those that run. A handler that
//! is the same one, in the same poll, from the first such look on until the threshold is over, holds its worker.

use std::collections::HashMap;
use std::time::Duration;

use crate::process::pid::{Pid, PidHash};
use crate::process::{Watch, node};
use crate::rt::{self, Instant, RuntimeId, WorkerBeats};
use crate::sync::{Arc, GlobalAtomicU32 as AtomicU32, GlobalOrdering as Ordering};

/// How many there are.
static WATCHDOGS: AtomicU32 = AtomicU32::new(0);

/// Whether servers are to say what they do.
pub(crate) fn is_on() -> bool {
    WATCHDOGS.load(Ordering::Relaxed) != 0
}

/// How often it looks while a handler may hold its worker for as long as it is allowed to.
const LOOKS: u32 = 8;

/// A watchdog: a thread that reports each handler which holds its worker for longer than a threshold. It is off unless it is started.
///
/// A handler that blocks its thread, or computes for long without an `.await`, holds up all else that this worker would run, and on a runtime of
/// one thread everything. The watchdog has a thread of its own, so it works where every worker is blocked. It reports a handler once for each
/// poll of it that takes too long, at the latest when twice the threshold is over, and while it still goes on: as an event of `tracing` at
/// the level `WARN` with the target `suptree::gen_server`, and, while the program has no subscriber, as a line on the standard error. The report has
/// the server's name, pid and type, the handler, and the place where that is written.
///
/// ```
/// use std::time::Duration;
/// use suptree::Watchdog;
///
/// # #[tokio::main] async fn main() {
/// let _watchdog = Watchdog::start(Duration::from_millis(100));
/// // .. the program
/// # }
/// ```
///
/// It is for finding such handlers, in tests or for a while. While there is one, calls are not answered in place, and each message costs some tens
/// of nanoseconds more; a server that was watched goes on like that until it ends. While there is none it costs nothing at all. The servers that were
/// there before are watched, too.
///
/// **What to do about it.** Work that blocks belongs into a `#[call(blocking)]`, or `tokio::task::spawn_blocking`; on a runtime of several
/// threads `tokio::task::block_in_place` makes the worker free for others, and is reported only where another handler holds a worker of that
/// runtime meanwhile. A long computation may yield now and then.
///
/// **Who is held up.** A task that a handler wakes is often the next in turn of this worker, from where Tokio lets no other worker take it. So
/// a handler that sends something and computes then holds up the receiver, however many workers are idle. It is the handler that is named.
/// `tokio::runtime::Builder::disable_lifo_slot`, of Tokio's unstable features, ends that.
///
/// Dropping it ends the watch.
#[derive(Debug)]
#[must_use = "it ends when this is dropped"]
pub struct Watchdog {
    /// Not 0: the thread is to end.
    ended: Arc<AtomicU32>,
}

impl Watchdog {
    /// Starts one.
    ///
    /// # Panics
    ///
    /// If the threshold is zero, or the system gives no thread.
    pub fn start(threshold: Duration) -> Self {
        assert!(!threshold.is_zero(), "a threshold is longer than zero");
        WATCHDOGS.fetch_add(1, Ordering::Relaxed);
        let watchdog = Self {
            ended: Arc::default(),
        };
        for node in node::all() {
            node.watch();
        }
        let ended = Arc::clone(&watchdog.ended);
        let started = rt::thread::spawn("suptree-watchdog", move || watch(threshold, &ended));
        assert!(started, "the system gives no thread");
        watchdog
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.ended.store(1, Ordering::Relaxed);
        WATCHDOGS.fetch_sub(1, Ordering::Relaxed);
    }
}

fn watch(threshold: Duration, ended: &AtomicU32) {
    let period = (threshold / LOOKS).max(Duration::from_millis(1));
    let mut workers: HashMap<RuntimeId, WorkerBeats> = HashMap::new();
    let mut holders = Holders::default();
    while ended.load(Ordering::Relaxed) == 0 {
        rt::thread::park_until(Some(rt::thread::now() + period));
        let nodes = node::all();
        let mut now_there = HashMap::with_capacity(workers.len());
        let mut running = Vec::new();
        for node in &nodes {
            let beats = node.runtime.worker_beats();
            let before = workers.get(&node.runtime_id);
            if before.is_some_and(|before| beats.is_stuck_since(before)) {
                running.extend(node.running());
            }
            now_there.insert(node.runtime_id, beats);
        }
        workers = now_there;
        let now = rt::thread::now();
        let seen = running
            .iter()
            .map(|(process, beat)| (process.header().pid, *beat));
        let late = holders.look(seen, now, threshold);
        for (process, _) in running {
            if let Some((_, held)) = late.iter().find(|(pid, _)| *pid == process.header().pid) {
                process.watch(Watch::Report(*held));
            }
        }
    }
}

/// The handlers that run, as far as was seen.
#[derive(Default)]
struct Holders(HashMap<Pid, Holder, PidHash>);

struct Holder {
    /// Which handler it is, and which poll of it.
    beat: u64,
    since: Instant,
    reported: bool,
}

impl Holders {
    /// These run now. Those that hold their workers for too long, and for how long, each once.
    fn look(
        &mut self,
        running: impl Iterator<Item = (Pid, u64)>,
        now: Instant,
        threshold: Duration,
    ) -> Vec<(Pid, Duration)> {
        let mut before = std::mem::take(&mut self.0);
        let mut late = Vec::new();
        for (pid, beat) in running {
            let same = before.remove(&pid).filter(|holder| holder.beat == beat);
            let mut holder = same.unwrap_or(Holder {
                beat,
                since: now,
                reported: false,
            });
            let held = now.saturating_duration_since(holder.since);
            if held >= threshold && !holder.reported {
                holder.reported = true;
                late.push((pid, held));
            }
            self.0.insert(pid, holder);
        }
        late
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const THRESHOLD: Duration = Duration::from_millis(80);

    /// Looks as often as the thread does, `phase` behind the moment at which the handler begins; the first look that finds its worker stuck is the
    /// second one.
    fn named_after(phase: Duration) -> Duration {
        let (began, period) = (rt::thread::now(), THRESHOLD / LOOKS);
        let pid = Pid::new(1, 1);
        let mut holders = Holders::default();
        let mut now = began + phase + period;
        loop {
            let running = std::iter::once((pid, 7));
            if !holders.look(running, now, THRESHOLD).is_empty() {
                return now - began;
            }
            now += period;
        }
    }

    #[test]
    fn f13_a_handler_is_named_behind_the_threshold_and_before_twice_of_it() {
        for phase in 0..10 {
            let after = named_after(Duration::from_millis(phase));
            assert!(after >= THRESHOLD && after < THRESHOLD * 2, "{after:?}");
        }
    }

    #[test]
    fn f13_each_poll_is_named_once_and_a_short_one_never() {
        let (mut holders, pid) = (Holders::default(), Pid::new(1, 1));
        let mut named = Vec::new();
        let begin = rt::thread::now();
        for look in 0..100_u64 {
            let now = begin + Duration::from_millis(look * 10);
            // Short ones, then a long one, none for a moment, and another long one.
            let beat = match look {
                0..40 => Some(look / 7),
                40..60 => Some(100),
                60 => None,
                _ => Some(100),
            };
            let running = beat.map(|beat| (pid, beat)).into_iter();
            if !holders.look(running, now, THRESHOLD).is_empty() {
                named.push(look);
            }
        }
        assert_eq!(named, [48, 69]);
    }
}
