//! The default handler of reports: a line on the standard error for each abnormal end, while the program has no subscriber for `tracing`.

use std::fmt;

use crate::rt;
use crate::sync::atomic::{AtomicBool, Ordering};
use crate::trace;

static REMOVED: AtomicBool = AtomicBool::new(false);

/// Removes the default handler of reports: from here on, abnormal ends print nothing by themselves.
///
/// Reports are [`tracing`](https://docs.rs/tracing) events. As long as the program has not set a subscriber for these, global or
/// in a scope, each abnormal end prints one line on the standard error, so that the first crash of the first day is seen. What is not reported prints
/// nothing, as in OTP: the end of a process without a supervisor by a signal, and a start that fails, which its starter is told. With a subscriber
/// nothing is printed, whatever it filters out. A program that has none, and wants no lines, says so once, at its begin; so does one that
/// gets the events through the `log` crate, which `tracing` does not count as a subscriber.
///
/// The lines are for people, and may change in any release. Nothing is printed in a simulation.
///
/// Like the default handler of OTP's [logger](https://www.erlang.org/doc/apps/kernel/logger_chapter.html), and
/// `logger:remove_handler(default)`.
///
/// ```
/// suptree::remove_default_handler();
/// ```
pub fn remove_default_handler() {
    REMOVED.store(true, Ordering::Relaxed);
}

/// Whether lines are to be printed.
pub(crate) fn is_wanted() -> bool {
    if cfg!(suptree_shuttle) || REMOVED.load(Ordering::Relaxed) || rt::is_simulated() {
        return false;
    }
    !trace::has_subscriber()
}

/// Prints a line. There may be nobody at the other end.
pub(crate) fn print(line: fmt::Arguments<'_>) {
    // A macro, because tests capture what it prints. A panic of it is the caller's to contain: see `trace::emit`.
    eprintln!("suptree: {line}");
}
