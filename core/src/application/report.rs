//! What a program reports about its applications: as `tracing` events, and on the standard error where nobody listens to these. A
//! program that ends has to say why.

use std::fmt;
use std::io::Write as _;

use tracing::Level;

use crate::process::info::ProcessInfo;
use crate::text::text;
use crate::trace::{GuardedSpan, emit};

/// Which application it is: the programs' are numbered in the order of their starts, from 1 on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Which {
    pub(super) number: usize,
    pub(super) name: &'static str,
}

/// What went wrong, and how.
pub(super) fn failed(which: Which, what: &'static str, reason: &dyn fmt::Display) {
    let Which { number, name } = which;
    let reason = text(format_args!("{reason}"));
    if !GuardedSpan::may_be_wanted(Level::ERROR) {
        return print(format_args!(
            "application {number}, {name}, {what}: {reason}"
        ));
    }
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
}

/// The program could not begin, or was ended at once.
pub(super) fn program(what: &str, left: &[ProcessInfo]) {
    let left: Vec<_> = left.iter().map(line).collect();
    if !GuardedSpan::may_be_wanted(Level::ERROR) {
        print(format_args!("{what}"));
        for process in left {
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
