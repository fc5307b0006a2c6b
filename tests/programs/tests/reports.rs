//! What an abnormal end prints where nobody listens, and where somebody does.

use std::process::Command;

/// What it prints on the standard error, and on the standard output.
fn prints(listener: &str, what: &str) -> [Vec<String>; 2] {
    let mut program = Command::new(env!("CARGO_BIN_EXE_reports"));
    let output = program.args([listener, what]).output().expect("it runs");
    let [errors, said] = [output.stderr, output.stdout].map(|text| {
        let text = String::from_utf8(text).expect("it is text");
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    });
    assert!(output.status.success(), "{errors:?}");
    [errors, said]
}

/// Without a subscriber each abnormal end is one line, which says what ended, and why.
#[test]
fn gs_63_without_a_subscriber_an_abnormal_end_prints_a_line() {
    for (what, lines) in [
        (
            "it panics",
            &["GenServer shaky (reports::Shaky) terminating: it panicked: nothing holds, at "][..],
        ),
        (
            "it fails",
            &["GenServer shaky (reports::Shaky) terminating: an error was returned: "],
        ),
        (
            "it fails alone",
            &["GenServer shaky (reports::Shaky) terminating: an error was returned: "],
        ),
        (
            "it is killed",
            &["child shaky (#PID<1.2>, reports::Shaky) of #PID<1.1> terminated: killed"],
        ),
        ("it ends", &[]),
        ("a task panics", &["Task #PID<1.2> ("]),
        (
            "it panics twice",
            &[
                "GenServer shaky (reports::Shaky) terminating: it panicked",
                "GenServer shaky (reports::Shaky) terminating: it panicked",
                "supervisor ",
            ],
        ),
    ] {
        let [errors, _] = prints("nobody", what);
        assert_eq!(errors.len(), lines.len(), "{what}: {errors:#?}");
        for (error, line) in errors.iter().zip(lines) {
            assert!(
                error.starts_with(&format!("suptree: {line}")),
                "{what}: {errors:#?}"
            );
        }
    }
}

/// One line of the program removes the handler that prints.
#[test]
fn gs_63_a_program_may_remove_the_default_handler() {
    for what in [
        "it panics",
        "it is killed",
        "a task panics",
        "it panics twice",
    ] {
        let printed = prints("removed", what);
        assert!(printed.iter().all(Vec::is_empty), "{what}: {printed:?}");
    }
}

/// With a subscriber nothing is printed beside it: whether it is that of the program or of a scope, and though it wants no errors.
#[test]
fn gs_63_where_there_is_a_subscriber_nothing_is_printed_beside() {
    for what in ["it panics", "it is killed", "a task panics"] {
        let [errors, said] = prints("scoped", what);
        assert!(errors.is_empty(), "{what}: {errors:?}");
        assert!(!said.is_empty(), "{what}");
        let [errors, said] = prints("filtered", what);
        assert!(
            errors.is_empty() && said.is_empty(),
            "{what}: {errors:?} {said:?}"
        );
    }
}
