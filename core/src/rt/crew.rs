//! `Crew`: threads of the crate's own for what may block where there is no runtime. There is one more than are blocked.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::rt::{Instant, thread};

/// What is to be done. It does not panic.
type Work = Box<dyn FnOnce() + Send>;

pub(crate) struct Crew {
    todo: Mutex<Todo>,
    more: Condvar,
}

struct Todo {
    work: VecDeque<Work>,
    threads: usize,
    idle: usize,
    /// How much was taken so far.
    taken: u64,
    /// How much it was when somebody looked, and since when.
    seen: Option<(u64, Instant)>,
}

impl Crew {
    /// How long a thread waits for something to do.
    const IDLE: Duration = Duration::from_secs(10);
    const STUCK: Duration = Duration::from_millis(10);

    pub(crate) const fn new() -> Self {
        Self {
            todo: Mutex::new(Todo {
                work: VecDeque::new(),
                threads: 0,
                idle: 0,
                taken: 0,
                seen: None,
            }),
            more: Condvar::new(),
        }
    }

    fn todo(&self) -> MutexGuard<'_, Todo> {
        self.todo.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leaves something to do. [`look`](Self::look) is to be called from time to time as long as it says so, by one thread.
    pub(crate) fn leave(&'static self, work: impl Iterator<Item = Work>) {
        let mut todo = self.todo();
        todo.work.extend(work);
        if todo.work.is_empty() {
            return;
        }
        let nobody = todo.threads == 0;
        drop(todo);
        if nobody {
            self.add();
        } else {
            self.more.notify_one();
        }
    }

    /// Sees to it that what is left is done: where none of it was taken for a while, all threads are blocked. `false`: nothing is left.
    pub(crate) fn look(&'static self, now: Instant) -> bool {
        let mut todo = self.todo();
        if todo.work.is_empty() {
            todo.seen = None;
            return false;
        }
        let taken = todo.taken;
        match todo.seen {
            Some((before, since)) if before == taken => {
                if now < since + Self::STUCK || todo.idle > 0 {
                    return true;
                }
                todo.seen = Some((taken, now));
                drop(todo);
                self.add();
            }
            _ => todo.seen = Some((taken, now)),
        }
        true
    }

    fn add(&'static self) {
        self.todo().threads += 1;
        if !thread::spawn("suptree wakers", || self.work()) {
            // The system gives none.
            self.todo().threads -= 1;
            while let Some(work) = self.take() {
                work();
            }
        }
    }

    fn take(&self) -> Option<Work> {
        let mut todo = self.todo();
        let work = todo.work.pop_front();
        todo.taken += u64::from(work.is_some());
        work
    }

    fn work(&self) {
        loop {
            while let Some(work) = self.take() {
                work();
            }
            let mut todo = self.todo();
            todo.idle += 1;
            let waits = |todo: &mut Todo| todo.work.is_empty();
            let waited = self.more.wait_timeout_while(todo, Self::IDLE, waits);
            todo = waited.unwrap_or_else(PoisonError::into_inner).0;
            todo.idle -= 1;
            if todo.work.is_empty() {
                todo.threads -= 1;
                return;
            }
        }
    }
}
