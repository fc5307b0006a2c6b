//! What the macros say about mistakes: `ui/fail` has one mistake a file, each with its one error in `.stderr`.
//!
//! The words around ours are the compiler's, so these tests run with the compiler in `RUSTC` only. To take over what the
//! macros say now, run with `TRYBUILD=overwrite`, and then read the difference as you read code.
//!
//! `ui/fail/not_yet` holds the mistakes that still make several errors. In `many_mistakes` there are many.

use std::fs;
use std::path::Path;
use std::process::Command;

/// The compiler that the `.stderr` files were made with.
const RECORDED_WITH: &str = include_str!("../RUSTC");

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
    let fail = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/fail");
    for (group, case, text) in expectations(&fail) {
        let errors = text
            .lines()
            .filter(|line| line.starts_with("error"))
            .count();
        let right = match (group.as_str(), case.as_str()) {
            ("not_yet", _) | (_, "many_mistakes") => errors > 1,
            _ => errors == 1,
        };
        if !right || text.lines().any(|line| line.starts_with("warning")) {
            broken.push(format!("{group}/{case}: {errors} errors"));
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

/// The group, the name, and the expected output of each case.
fn expectations(fail: &Path) -> Vec<(String, String, String)> {
    let entries = |folder: &Path| {
        let entries = fs::read_dir(folder).expect("a folder of cases");
        entries.map(|entry| entry.expect("an entry of it").path())
    };
    let name = |path: &Path| {
        let stem = path.file_stem().expect("a case has a name");
        stem.to_string_lossy().into_owned()
    };
    let mut all = Vec::new();
    for group in entries(fail) {
        let cases = entries(&group).filter(|path| path.extension().is_some_and(|is| is == "rs"));
        for case in cases {
            let text = fs::read_to_string(case.with_extension("stderr"));
            all.push((name(&group), name(&case), text.unwrap_or_default()));
        }
    }
    all
}

fn skipped() -> bool {
    let wanted = RECORDED_WITH.trim();
    let found = rustc_version();
    if found == wanted {
        return false;
    }
    println!("skipped: the expected errors are those of rustc {wanted}, and this is rustc {found}");
    true
}

/// `1.95.0` of `rustc 1.95.0 (59807616e 2026-04-14)`.
fn rustc_version() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .arg("--version")
        .output()
        .expect("rustc says its version");
    let text = String::from_utf8_lossy(&output.stdout);
    text.split_whitespace()
        .nth(1)
        .unwrap_or_default()
        .to_owned()
}
