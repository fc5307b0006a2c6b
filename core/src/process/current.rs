//! Who runs now: the process on whose behalf this thread executes user code.
//!
//! It belongs to the server, not to the task: a handler that a caller runs in place sees its server here.

use std::cell::Cell;
use std::num::NonZeroU64;

use crate::process::pid::Pid;

/// How much stack handlers that run in place inside one another may use before a call goes through the queue instead, counted
/// from the first call inside another. It leaves room on the smallest stacks that threads are given.
const MOST_STACK: usize = 64 * 1024;

/// Two words, which are kept and put back for every handler. A pid is larger than one, and its padding has the depth.
#[derive(Clone, Copy)]
struct Current {
    pid: Option<NonZeroU64>,
    /// In the upper half, the rest of the pid; in the lower one how many run, and [`PANICKED`].
    node_and_depth: u64,
}

/// A panic was seen while it ran.
const PANICKED: u32 = 1 << 31;

crate::sync::thread_local! {
    static CURRENT: Cell<Current> = const { Cell::new(Current { pid: None, node_and_depth: 0 }) };
    /// Where calls inside one another began: how many processes ran, and where the stack was.
    static BEGAN: Cell<(u32, usize)> = const { Cell::new((0, 0)) };
}

/// The process that runs now, and whether one more may run inside it.
#[inline]
pub(crate) fn get() -> (Option<Pid>, StackRoom) {
    let current = CURRENT.get();
    (current.pid(), StackRoom(current.depth()))
}

/// StackRoom for one more process on the stack, inside those that run already.
#[derive(Clone, Copy)]
pub(crate) struct StackRoom(u32);

impl StackRoom {
    /// Little enough of the stack is in use. Nothing is measured while nothing runs.
    #[inline(always)]
    pub(crate) fn is_enough(self) -> bool {
        self.0 == 0 || is_shallow(self.0)
    }
}

/// Whether calls inside one another use little of the stack, with so many processes that run.
#[inline(never)]
fn is_shallow(depth: u32) -> bool {
    let running = depth & !PANICKED;
    let here = 0_u8;
    let now = std::ptr::from_ref(&here).addr();
    let (began_with, began_at) = BEGAN.get();
    // Not inside what was noted last: that is over, and these begin here.
    if running <= began_with || now > began_at {
        BEGAN.set((running, now));
        return true;
    }
    began_at - now < MOST_STACK
}

/// The process that runs now.
pub(crate) fn pid() -> Option<Pid> {
    CURRENT.try_with(Cell::get).ok().and_then(Current::pid)
}

/// Makes `pid` the running process until the scope is dropped.
#[inline]
pub(crate) fn enter(pid: Pid) -> Scope {
    let before = CURRENT.get();
    CURRENT.set(before.inside(Some(pid)));
    Scope(before)
}

impl Current {
    #[inline(always)]
    fn pid(self) -> Option<Pid> {
        let pid = self.pid?;
        Some(Pid::from_parts(pid, (self.node_and_depth >> 32) as u32))
    }

    /// How many run, and [`PANICKED`].
    #[inline(always)]
    const fn depth(self) -> u32 {
        self.node_and_depth as u32
    }

    /// What runs inside this.
    #[inline(always)]
    fn inside(self, pid: Option<Pid>) -> Self {
        let (pid, node) = pid.map(Pid::into_parts).unzip();
        let depth = (self.depth() & !PANICKED) + 1;
        Self {
            pid,
            node_and_depth: (u64::from(node.unwrap_or(0)) << 32) | u64::from(depth),
        }
    }
}

/// Notes that the process that runs has panicked: how deep it is, and whether this is the first time in its scope.
pub(crate) fn note_panic() -> Option<(u32, bool)> {
    let mut current = CURRENT.try_with(Cell::get).ok()?;
    current.pid?;
    let first = current.depth() & PANICKED == 0;
    current.node_and_depth |= u64::from(PANICKED);
    CURRENT.try_with(|cell| cell.set(current)).ok()?;
    Some((current.depth() & !PANICKED, first))
}

/// How deep the process is that runs, if it has panicked in its scope.
pub(crate) fn noted_panic() -> Option<u32> {
    let current = CURRENT.try_with(Cell::get).ok()?;
    (current.depth() & PANICKED != 0).then_some(current.depth() & !PANICKED)
}

/// Runs code that belongs to no process, inside the code of one.
pub(crate) fn as_nobody(run: &mut dyn FnMut()) {
    let scope = CURRENT.try_with(|current| {
        let before = current.get();
        current.set(before.inside(None));
        Scope(before)
    });
    run();
    drop(scope);
}

#[must_use = "the scope ends when it is dropped"]
pub(crate) struct Scope(Current);

impl Drop for Scope {
    #[inline]
    fn drop(&mut self) {
        CURRENT.set(self.0);
    }
}

/// The pid of the server, supervisor or [`Task`](crate::Task) whose code runs now: Elixir's `self()`.
///
/// It is the server's also where a caller runs the handler in place, and after every `.await` of a handler. What
/// `tokio::spawn` starts is no process.
///
/// ```
/// use suptree::prelude::*;
///
/// #[derive(Default)]
/// struct Me;
///
/// #[genserver]
/// impl Me {
///     #[call]
///     fn who(&self) -> Pid {
///         self_pid()
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let me = Me::start_link().await?;
/// assert_eq!(me.who().await?, me.pid().expect("it lives"));
/// # Ok(()) }
/// ```
///
/// Follows Elixir's [`Kernel.self/0`](https://hexdocs.pm/elixir/Kernel.html#self/0).
///
/// # Panics
///
/// Outside a process. [`try_self_pid`] answers `None` there.
#[must_use]
#[track_caller]
pub fn self_pid() -> Pid {
    required("self_pid")
}

/// The process that runs now, for a function that only makes sense in one.
#[track_caller]
pub(crate) fn required(function: &str) -> Pid {
    let Some(pid) = pid() else {
        panic!(
            "{function}() was called outside a process: only a server, a supervisor or a `Task` is one, and nothing that `tokio::spawn` starts"
        );
    };
    pid
}

/// Like [`self_pid`], but `None` outside a process.
///
/// ```
/// // `main` and the tasks it spawns are no processes.
/// assert_eq!(suptree::try_self_pid(), None);
/// ```
#[must_use]
pub fn try_self_pid() -> Option<Pid> {
    pid()
}
