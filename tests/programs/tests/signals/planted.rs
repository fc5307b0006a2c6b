//! Bugs planted in programs: the tests of these find each of them.
//!
//! They are compiled in with `RUSTFLAGS="--cfg suptree_planted_bugs"` only, and described in `core/src/planted.rs`.

use std::process::Command;
use std::time::Duration;

/// How long a program has that may hang. It may have a bug on purpose, the one that this thread looks for.
#[cfg(suptree_planted_bugs)]
pub(crate) fn patience(program: &mut Command) -> Duration {
    if let Some(bug) = WANTED.get() {
        program.env("SUPTREE_PROGRAM_BUG", format!("{bug:?}"));
    }
    Duration::from_secs(10)
}

/// How long a program has that may hang.
#[cfg(not(suptree_planted_bugs))]
pub(crate) const fn patience(_program: &mut Command) -> Duration {
    Duration::from_secs(120)
}

#[cfg(suptree_planted_bugs)]
std::thread_local! {
    static WANTED: std::cell::Cell<Option<suptree::__private::Bug>> = const { std::cell::Cell::new(None) };
}

/// F8: a test fails with each of them, and none without.
#[cfg(suptree_planted_bugs)]
#[test]
fn f8_each_bug_planted_in_a_program_is_found() {
    use suptree::__private::Bug;

    macro_rules! tests {
        ($($test:ident)*) => {
            [$((stringify!($test), crate::$test as fn())),*]
        };
    }
    let tests = tests! {
        app_06_several_applications_stop_in_reverse_start_order
        app_02_hooks_before_and_after_the_tree
        r46_app_06_a_stop_has_a_bound
        r46_a_second_signal_ends_a_stop_that_is_stuck
    };
    let failed = || {
        let mut failed = tests.iter();
        let failed = failed.find(|(_, test)| std::panic::catch_unwind(test).is_err());
        failed.map(|(name, _)| *name)
    };
    assert_eq!(failed(), None, "it fails without a bug");
    std::panic::set_hook(Box::new(|_| {}));
    let mut missed = Vec::new();
    for (bug, what) in Bug::PROGRAMS {
        WANTED.set(Some(*bug));
        match failed() {
            Some(test) => println!("{bug:?} found by {test}: {what}"),
            None => missed.push(bug),
        }
    }
    WANTED.set(None);
    drop(std::panic::take_hook());
    assert!(missed.is_empty(), "not found: {missed:?}");
}
