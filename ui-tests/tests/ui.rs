//! What the macros say about mistakes: `ui/fail` has one mistake a file, each with its one error in `.stderr`.
//!
//! The words around ours are the compiler's, so these tests run with the compiler in `RUSTC` only. To take over what the
//! macros say now, run with `TRYBUILD=overwrite`, and then read the difference as you read code.
//!
//! `ui/fail/not_yet` holds the mistakes that still make several errors. In `many_mistakes` there are many.

mod support;

use support::{cases, skipped};

// Apart, since trybuild checks all cases at once where none has to run; it lets one of the two wait for the other.
#[test]
fn fail() {
    if !skipped() {
        trybuild::TestCases::new().compile_fail("ui/fail/*/*.rs");
    }
}

#[test]
fn pass() {
    if !skipped() {
        trybuild::TestCases::new().pass("ui/pass/*.rs");
    }
}

#[test]
fn one_mistake_makes_one_error() {
    let mut broken = Vec::new();
    for case in cases() {
        let lines = || case.expected.lines();
        let errors = lines().filter(|line| line.starts_with("error")).count();
        let right = match (case.group.as_str(), case.name.as_str()) {
            ("not_yet", _) | (_, "many_mistakes") => errors > 1,
            _ => errors == 1,
        };
        if !right || lines().any(|line| line.starts_with("warning")) {
            broken.push(format!("{}/{}: {errors} errors", case.group, case.name));
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}
