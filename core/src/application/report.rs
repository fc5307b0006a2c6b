//! What a program reports about its applications: as `tracing` events, and on the standard error where nobody listens to these. A
//! program that ends has to say why.

use std::fmt;
use std::io::Write as _;
use std::time::Duration;

use tracing::{Level, dispatcher};

use crate::exit_reason::ExitReason;
use crate::process::info::ProcessInfo;
use crate::rt::program::run_beside;
use crate::text::text;
use crate::trace::{GuardedSpan, emit};

/// How long the program waits for a report to be taken.
const PATIENCE: Duration = Duration::from_secs(1);

/// Which application it is. Where a program has several, they are numbered in the order of their starts, from 1 on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Which {
    pub(super) number: Option<usize>,
    pub(super) name: &'static str,
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            Some(number) => write!(f, "application {number}, {},", self.name),
            None => write!(f, "application {}", self.name),
        }
    }
}

/// One has ended by itself. `why`: how it came to that.
pub(super) fn ended(which: Which, reason: &ExitReason, why: Option<&str>) {
    match why {
        Some(why) => failed(which, "has ended", &format_args!("{reason}: {why}")),
        None => failed(which, "has ended", reason),
    }
}

/// What went wrong, and how.
pub(super) fn failed(which: Which, what: &'static str, reason: &dyn fmt::Display) {
    let reason = text(format_args!("{reason}"));
    beside(move || {
        if !GuardedSpan::may_be_wanted(Level::ERROR) {
            return print(format_args!("{which} {what}: {reason}"));
        }
        let Which { number, name } = which;
        emit(|| {
            tracing::error!(
                target: "suptree::application",
                parent: None,
                application = name,
                number,
                reason,
                "Application {what}",
            );
        });
    });
}

/// The program could not begin, or was ended at once.
pub(super) fn program(what: &str, left: &[ProcessInfo]) {
    let what = what.to_owned();
    let left: Vec<_> = left.iter().map(line).collect();
    beside(move || {
        if !GuardedSpan::may_be_wanted(Level::ERROR) {
            print(format_args!("{what}"));
            for process in &left {
                print(format_args!("  {process}"));
            }
            return;
        }
        emit(|| {
            tracing::error!(
                target: "suptree::application",
                parent: None,
                left = left.join(", "),
                "Program {what}",
            );
        });
    });
}

/// Reports in a thread of its own, to the subscriber of this one: where nobody reads the standard error, or a subscriber blocks, the
/// program goes on.
fn beside(report: impl Fn() + Send + Sync + 'static) {
    let subscriber = dispatcher::get_default(Clone::clone);
    run_beside("suptree report", PATIENCE, move || {
        dispatcher::with_default(&subscriber, &report);
    });
}

/// A process that is left.
fn line(process: &ProcessInfo) -> String {
    let ProcessInfo {
        pid,
        type_name,
        status,
        ..
    } = process;
    match &process.name {
        Some(name) => text(format_args!("{name} {pid} {type_name} {status}")),
        None => text(format_args!("{pid} {type_name} {status}")),
    }
}

fn print(line: fmt::Arguments<'_>) {
    // There may be nobody at the other end.
    let _said = writeln!(std::io::stderr(), "suptree: {line}");
}
