//! What the macros say about mistakes: `ui/fail` has one mistake a file, each with its one error in `.stderr`.
//!
//! The words around ours are the compiler's, so these tests run with the compiler in `RUSTC` only. To take over what the
//! macros say now, run with `TRYBUILD=overwrite`, and then read the difference as you read code.
//!
//! In `many_mistakes` there are many.

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
        let right = match case.name.as_str() {
            "many_mistakes" => errors > 1,
            _ => errors == 1,
        };
        // What rustc alone can refuse is explained in a warning.
        let explained = match case.group.as_str() {
            "genserver" => ["continue_", "second_block"]
                .iter()
                .any(|begin| case.name.starts_with(begin)),
            "protocol" => matches!(&*case.name, "semicolon_missing" | "type_missing"),
            _ => false,
        };
        if !right || lines().any(|line| line.starts_with("warning")) != explained {
            broken.push(format!("{}/{}: {errors} errors", case.group, case.name));
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

/// An attribute or a macro as a whole is marked only where there is nothing inside of it.
/// A user can read up on whatever a title or a help names.
#[test]
fn m42_no_title_and_no_help_has_a_private_name() {
    let mut broken = Vec::new();
    for case in &cases() {
        let says = |line: &&str| {
            let line = line.trim_start();
            let line = line.strip_prefix("= ").unwrap_or(line);
            line.starts_with("error") || line.starts_with("help:")
        };
        // Of what is deprecated, rustc says where it is.
        let private = |line: &str| line.contains("__") && !line.contains("use of deprecated");
        if case.expected.lines().filter(says).any(private) {
            broken.push(format!("{}/{}", case.group, case.name));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn f16_m42_each_error_is_at_a_token_of_the_users() {
    let cases = cases();
    assert!(cases.len() > 230, "{}", cases.len());
    let (mut wrong, mut whole) = (Vec::new(), Vec::new());
    for case in &cases {
        let file = format!("ui/fail/{}/{}.rs:", case.group, case.name);
        // Its braces are empty.
        let is_empty = file == "ui/fail/supervisor/empty.rs:";
        for error in case.expected.split("\nerror") {
            let (place, code) = error.split_once("--> ").unwrap_or_default();
            let is_first = !place.contains("\nnote:");
            if is_whole(code) {
                whole.push(case.name.clone());
            }
            // The attribute is what is to be changed.
            let is_meant = is_empty || case.name.starts_with("second_block");
            if !is_first || !code.starts_with(&file) || (is_whole(code) && !is_meant) {
                wrong.push(format!("{}/{}", case.group, case.name));
            }
        }
    }
    // What is marked as a whole is found.
    assert!(whole.iter().any(|case| case == "second_block"));
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Whether what is marked is one of our macros from end to end. `code`: what an error shows, from its place on.
fn is_whole(code: &str) -> bool {
    let place = code.lines().next().unwrap_or_default();
    let line = place.rsplit(':').nth(1);
    let mut lines = code.lines().skip(1);
    let shown = lines.find_map(|shown| {
        let (number, text) = shown.split_once('|')?;
        (Some(number.trim()) == line).then(|| text.trim().trim_start_matches("/ "))
    });
    let (Some(shown), Some(marks)) = (shown, lines.next()) else {
        return false;
    };
    let ours = ["#[genserver", "#[protocol", "supervisor!"];
    let marked = marks.chars().filter(|mark| *mark == '^').count();
    let is_open = shown.ends_with('{') && !marks.contains('^');
    ours.iter().any(|ours| shown.starts_with(ours)) && (is_open || marked >= shown.len())
}
