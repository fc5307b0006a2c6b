//! `Watchdog`: a thread that names the handlers which hold their workers for too long.
//!
//! It asks each runtime what its workers have done since it looked last. One that is awake, and has done nothing that the scheduler
//! counts, is in one poll all the time; then, and only then, it looks through the processes of that runtime for those that have something in
//! hand. What is the same, in the same poll, from the first such look on until the threshold is over, holds its worker.

mod report;

use std::collections::HashMap;
use std::time::Duration;

use crate::process::node;
use crate::process::pid::{Pid, PidHash};
use crate::rt::{self, Instant, RuntimeId, WorkerBeats};
use crate::sync::{Arc, GlobalAtomicBool as AtomicBool, GlobalOrdering as Ordering};

/// How often it looks while a handler may hold its worker for as long as it is allowed to.
const LOOKS: u32 = 8;

/// A watchdog: a thread that reports each handler which holds its worker for longer than a threshold. There is none unless one is started.
///
/// A handler that blocks its thread, or computes for long without an `.await`, holds up all else that this worker would run, and on a
/// runtime of one thread everything. The watchdog has a thread of its own, so it works where every worker is blocked. It reports a
/// handler once for each poll of it that takes too long, before twice the threshold is over, while it still goes on: as an event of
/// `tracing` at the level `WARN` with the target `suptree::watchdog`, and, while the program has no subscriber, as a line on the standard
/// error. The report has the server's name, pid and type, the handler, the place where that is written, and for how long it was seen.
/// It names what else of a server holds a worker, too: `init`, `terminate`, `hibernate`, an attached stream that is polled, a request of
/// [`sys`](crate::sys); and a [`Task`](crate::Task), or a `#[call(task)]`, by the type of its future.
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
/// It costs the message path nothing: servers say what they handle, whether it is asked or not. It looks eight times while the threshold
/// passes, but not more often than once in a millisecond: at what each runtime's workers have done, and only where one of them stands
/// still at the runtime's processes.
///
/// **What to do about it.** Work that blocks belongs into a `#[call(blocking)]`, or `tokio::task::spawn_blocking`; on a runtime of several
/// threads `tokio::task::block_in_place` makes the worker free for others, and is reported only where something else holds a worker of that
/// runtime meanwhile. A long computation may yield now and then.
///
/// **Who is held up.** A task that a handler wakes is often the next in turn of this worker, from where Tokio lets no other worker take it. So
/// a handler that sends something and computes then holds up the receiver, however many workers are idle. It is the handler that is named.
/// `tokio::runtime::Builder::disable_lifo_slot`, of Tokio's unstable features, ends that.
///
/// Of handlers inside one another, which calls in place may be, each is named: the outer ones wait in the inner one. What runs on
/// a thread that is no worker, such as an `init` under the `block_on` of a runtime of several threads, holds none.
///
/// Dropping it ends the watch, and the thread.
#[derive(Debug)]
#[must_use = "it ends when this is dropped"]
pub struct Watchdog {
    /// The thread is to end.
    ended: Arc<AtomicBool>,
    /// It may be long until the thread looks again.
    thread: rt::thread::Parked,
}

impl Watchdog {
    /// Starts one, for all runtimes of the program. It may be started and dropped anywhere, also where there is no runtime.
    ///
    /// # Panics
    ///
    /// If the threshold is zero, or the system gives no thread.
    pub fn start(threshold: Duration) -> Self {
        assert!(!threshold.is_zero(), "a threshold is longer than zero");
        let ended = Arc::default();
        let also_ended = Arc::clone(&ended);
        let run = move || watch(threshold, &also_ended);
        let Some(thread) = rt::thread::spawn_parked("suptree-watchdog", run) else {
            panic!("the system gives no thread");
        };
        Self { ended, thread }
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        self.thread.unpark();
    }
}

fn watch(threshold: Duration, ended: &AtomicBool) {
    let period = (threshold / LOOKS).max(Duration::from_millis(1));
    let mut workers: HashMap<RuntimeId, WorkerBeats> = HashMap::new();
    let mut holders = Holders::default();
    loop {
        rt::thread::park_until(Some(rt::thread::now() + period));
        if ended.load(Ordering::Relaxed) {
            return;
        }
        let mut now_there = HashMap::with_capacity(workers.len());
        let mut in_hand = Vec::new();
        for node in node::all() {
            let beats = node.runtime.worker_beats();
            let before = workers.get(&node.runtime_id);
            if before.is_some_and(|before| beats.is_stuck_since(before)) {
                in_hand.extend(node.in_hand());
            }
            now_there.insert(node.runtime_id, beats);
        }
        workers = now_there;
        for (pid, held) in holders.look(in_hand, rt::thread::now(), threshold) {
            if let Some(process) = node::process(pid) {
                report::worker_is_held(&*process, held);
            }
        }
    }
}

/// What holds workers, as far as was seen.
#[derive(Default)]
struct Holders(HashMap<Pid, Holder, PidHash>);

struct Holder {
    /// Which handler it is, and which poll of it.
    beat: u64,
    since: Instant,
    reported: bool,
}

impl Holders {
    /// These hold workers now. Those that do so for too long, and for how long, each once.
    fn look(
        &mut self,
        in_hand: impl IntoIterator<Item = (Pid, u64)>,
        now: Instant,
        threshold: Duration,
    ) -> Vec<(Pid, Duration)> {
        let mut before = std::mem::take(&mut self.0);
        let mut late = Vec::new();
        for (pid, beat) in in_hand {
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
