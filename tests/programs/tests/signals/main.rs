//! Programs as the system sees them: what they say, in which order, and their exit codes, when they are signalled and when not.

#![cfg(unix)]

mod planted;

use std::io::{BufRead as _, BufReader, Lines, Read as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;

/// A program that runs. It is killed when the test is over.
struct Program {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    said: Vec<String>,
    over: mpsc::Sender<()>,
}

/// How a program has ended.
#[derive(Debug)]
struct End {
    code: Option<i32>,
    said: Vec<String>,
    errors: String,
}

impl Program {
    fn start(which: &str) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_suptree-programs"));
        let patience = planted::patience(&mut program);
        let mut child = program
            .arg(which)
            .env("RUST_BACKTRACE", "0")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it can be started");
        let lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        // A program that hangs is a failure, and not the end of all tests.
        let pid = child.id();
        let (over, is_over) = mpsc::channel();
        std::thread::spawn(move || {
            if is_over.recv_timeout(patience).is_err() {
                signal(pid, "KILL");
            }
        });
        Self {
            child,
            lines,
            said: Vec::new(),
            over,
        }
    }

    /// Waits for a line.
    fn until(mut self, wanted: &str) -> Self {
        loop {
            let line = self.lines.next().expect("it says so before it ends");
            let line = line.expect("a line");
            if line == wanted {
                return self;
            }
            self.said.push(line);
        }
    }

    fn signal(self, name: &str) -> Self {
        signal(self.child.id(), name);
        self
    }

    fn signal_until_it_ends(mut self, name: &str) -> End {
        while let Ok(None) = self.child.try_wait() {
            signal(self.child.id(), name);
        }
        self.end()
    }

    fn end(mut self) -> End {
        self.said
            .extend(self.lines.map(|line| line.expect("a line")));
        let mut errors = String::new();
        let stderr = self.child.stderr.as_mut().expect("it is piped");
        stderr.read_to_string(&mut errors).expect("a text");
        // Until then its pid is nobody else's.
        let _in_time = self.over.send(());
        let status = self.child.wait().expect("it has ended");
        End {
            code: status.code().or(status.signal().map(|signal| -signal)),
            said: self.said,
            errors,
        }
    }
}

fn signal(pid: u32, name: &str) {
    let sent = Command::new("kill")
        .args([format!("-{name}"), pid.to_string()])
        .stderr(Stdio::null())
        .status();
    drop(sent);
}

#[track_caller]
fn ends(end: &End, code: i32, said: &[&str]) {
    assert_eq!(
        (end.code, &*end.said),
        (
            Some(code),
            &*said
                .iter()
                .map(|line| (*line).to_owned())
                .collect::<Vec<_>>()
        ),
        "{end:?}"
    );
}

/// One signal: stopped in order, each child in the reverse of the start order.
#[test]
fn app_06_a_signal_stops_the_program_in_order() {
    for name in ["TERM", "INT"] {
        let end = Program::start("plain").until("ready").signal(name).end();
        ends(&end, 0, &["c stops", "b stops", "a stops"]);
        assert_eq!(end.errors, "");
    }
}

/// Several applications: the last that was started is the first that is stopped, and fully.
#[test]
fn app_06_several_applications_stop_in_reverse_start_order() {
    let end = Program::start("several")
        .until("ready")
        .signal("TERM")
        .end();
    ends(
        &end,
        0,
        &[
            "b stops",
            "the second has stopped",
            "a stops",
            "the first has stopped",
        ],
    );
}

#[test]
fn app_02_hooks_before_and_after_the_tree() {
    let end = Program::start("hooks").until("ready").signal("TERM").end();
    ends(
        &end,
        0,
        &[
            "prep_stop, 4 run",
            "c stops",
            "b stops",
            "a stops",
            "stop, 0 run",
        ],
    );
}

#[test]
fn r190_a_hook_for_a_tree_that_is_up() {
    let program = Program::start("on ready").until("the first is up: true");
    let end = program.until("ready").signal("TERM").end();
    let last = end.said.iter().position(|line| line == "stop");
    let first = end.said.iter().position(|line| line == "c stops");
    assert!(last.is_some() && last < first, "{end:?}");
    assert_eq!(end.code, Some(0));
}

/// It stops in order; another application is not started any more.
#[test]
fn r190_a_hook_for_a_tree_that_is_up_fails() {
    let end = Program::start("on ready fails").end();
    ends(&end, 1, &["a stops", "stop"]);
    let why = "failed in its `on_ready` hook: an error was returned: nobody listens";
    assert!(end.errors.contains(why), "{end:?}");
}

#[test]
fn r190_a_hook_for_a_tree_that_is_up_hangs() {
    let end = Program::start("on ready hangs")
        .until("ready")
        .signal("TERM")
        .end();
    ends(&end, 0, &["a stops"]);
}

/// A hook that fails is reported, and keeps nothing from being stopped.
#[test]
fn app_02_a_hook_that_fails_is_reported() {
    let end = Program::start("hooks that fail")
        .until("ready")
        .signal("TERM")
        .end();
    ends(&end, 1, &["c stops", "b stops", "a stops"]);
    assert!(
        end.errors
            .contains("did not prepare to stop: an error was returned: not now"),
        "{end:?}"
    );
    assert!(
        end.errors
            .contains("did not finish its stop: it panicked: never"),
        "{end:?}"
    );
}

/// D61: an application that has a name is started once; the second is an error, and what was started is stopped.
#[test]
fn app_01_d61_a_named_application_is_started_once() {
    let end = Program::start("twice").end();
    ends(&end, 1, &["a stops"]);
    assert!(
        end.errors
            .contains("application 2, suptree_programs::Named, did not start: already started"),
        "{end:?}"
    );
}

#[test]
fn app_03_an_application_that_has_stopped_cannot_be_stopped() {
    let end = Program::start("stops itself").end();
    ends(&end, 0, &["a stops", "again: Err(NoProc)"]);
}

/// The reason is told, and nothing is left running: what was started is stopped in order.
#[test]
fn app_04_a_start_that_fails_is_told() {
    let end = Program::start("fails").end();
    ends(&end, 1, &["a stops"]);
    let why = "application suptree_programs::App did not start: shutdown: failed to start child fails: init failed: \
               an error was returned: the disk is full";
    assert!(end.errors.contains(why), "{end:?}");
    let end = Program::start("second fails").end();
    ends(&end, 1, &["b stops", "a stops", "stop"]);
    assert!(
        end.errors
            .contains("application 2, suptree_programs::App, did not start"),
        "{end:?}"
    );
}

#[test]
fn app_05_the_program_ends_with_an_application_that_gives_up() {
    let end = Program::start("gives up").end();
    ends(&end, 1, &["a stops", "prep_stop, alive: false", "stop"]);
    let why = "application suptree_programs::App has ended: shutdown: it gave up on `hopeless`: an error was returned: no hope; \
               restarts: 4 within 5s, where 3 may be: hopeless ";
    assert!(end.errors.contains(why), "{end:?}");
}

/// With what led to it, where nobody listens to the reports of its supervisors.
#[test]
fn r271_why_an_application_has_ended_is_told() {
    let end = Program::start("gives up below").end();
    ends(&end, 1, &["a stops"]);
    let why = "it gave up on `inner`: shutdown: it gave up on `hopeless`: an error was returned: no hope; \
               restarts: 3 within 5s, where 2 may be: hopeless ";
    assert!(end.errors.contains(why), "{end:?}");

    let end = Program::start("gives up at a start").end();
    ends(&end, 1, &[]);
    let why = "it gave up on `not_again`: init failed: an error was returned: the port is taken; \
               restarts: 4 within 5s, where 3 may be: not_again ";
    assert!(end.errors.contains(why), "{end:?}");

    let end = Program::start("ends with a child").end();
    ends(&end, 1, &[]);
    let why = "has ended: shutdown: its significant child `fails` has ended: an error was returned: no hope";
    assert!(end.errors.contains(why), "{end:?}");
}

#[test]
fn r270_a_program_makes_its_own_runtime() {
    let end = Program::start("inside of a runtime").end();
    ends(&end, 101, &[]);
    assert!(end.errors.contains("tests/programs/src/main.rs"), "{end:?}");
    let how = "write `fn main()` without `#[tokio::main]`, or use `start_link().await`";
    assert!(end.errors.contains(how), "{end:?}");
}

#[test]
fn app_05_the_program_outlives_a_temporary_application() {
    let program = Program::start("temporary gives up").until("ready");
    let end = program.signal("TERM").end();
    ends(
        &end,
        0,
        &["a stops", "the temporary one has stopped", "b stops"],
    );
    assert!(
        end.errors
            .contains("application 2, suptree_programs::App, has ended: shutdown"),
        "{end:?}"
    );
}

/// Also while another is started, which is interrupted; within the bound.
#[test]
fn r251_app_05_an_application_that_gives_up_during_a_start_ends_the_program() {
    let end = Program::start("gives up during a start").end();
    ends(
        &end,
        1,
        &["starting", "a stops", "b stops", "the first has stopped"],
    );
    let why = "application 1, suptree_programs::App, has ended: shutdown";
    assert!(end.errors.contains(why), "{end:?}");
    assert!(!end.errors.contains("did not start"), "{end:?}");

    let end = Program::start("gives up during a start that is stuck").end();
    assert!(end.errors.contains("did not stop in time"), "{end:?}");
    assert_eq!(end.code, Some(1));
}

/// And while a hook for a tree that is up is at work, its own or another's.
#[test]
fn r251_app_05_an_application_that_ends_during_a_hook() {
    let end = Program::start("gives up during its hook").end();
    ends(&end, 1, &["starting", "a stops"]);
    let why = "application 1, suptree_programs::App, has ended: shutdown";
    assert!(end.errors.contains(why), "{end:?}");

    // Where the program goes on without it, so does the hook.
    let program = Program::start("transient ends during a hook").until("ready");
    ends(
        &program.signal("TERM").end(),
        0,
        &[
            "b stops",
            "the hook goes on",
            "the first has stopped",
            "c stops",
        ],
    );
}

/// D62: without an application there is no program. One that ends with the reason `Normal` ends well.
#[test]
fn app_05_d62_the_program_ends_with_its_last_application() {
    let mut end = Program::start("all gone").end();
    end.said.sort();
    ends(&end, 0, &["a stops", "b stops"]);
}

/// Signals are heard before the first child starts: a start gives way, and what was started is stopped in order.
#[test]
fn r45_app_06_a_signal_during_the_start_stops_what_was_started() {
    let end = Program::start("slow start")
        .until("starting")
        .signal("TERM")
        .end();
    ends(&end, 0, &["b stops", "a stops"]);
    let program = Program::start("slow start after another").until("starting");
    ends(
        &program.signal("INT").end(),
        0,
        &["b stops", "a stops", "stop"],
    );
}

/// Before that the system's own way holds.
#[test]
fn r45_a_signal_before_the_run_ends_the_program() {
    let end = Program::start("before").until("ready").signal("TERM").end();
    ends(&end, -15, &[]);
}

/// The second signal: now. Its name is the exit code, and who was left is told.
#[test]
fn r46_a_second_signal_ends_a_stop_that_is_stuck() {
    for (first, second, code) in [
        ("TERM", "TERM", 143),
        ("INT", "INT", 130),
        ("TERM", "INT", 130),
    ] {
        let program = Program::start("stuck").until("ready").signal(first);
        let end = program.until("stuck").signal(second).end();
        ends(&end, code, &[]);
        assert!(
            end.errors.contains("suptree: was ended by a second signal"),
            "{end:?}"
        );
        assert!(end.errors.contains("suptree:   stuck #PID<"), "{end:?}");
    }
}

/// The bound: who did not stop in time is told.
#[test]
fn r46_app_06_a_stop_has_a_bound() {
    let end = Program::start("stuck and bound")
        .until("ready")
        .signal("TERM")
        .end();
    ends(&end, 1, &["stuck"]);
    assert!(
        end.errors.contains("suptree: did not stop in time"),
        "{end:?}"
    );
    assert!(end.errors.contains("suptree:   stuck #PID<"), "{end:?}");
    let end = Program::start("stuck hook")
        .until("ready")
        .signal("TERM")
        .end();
    ends(&end, 1, &["prep_stop"]);
}

/// Where a hook takes too long, it is told which, and not only who waits for it.
#[test]
fn r385_a_hook_that_is_not_done_in_time_is_told() {
    let named = ", in the `prep_stop` hook of application ";
    let end = Program::start("stuck hook")
        .until("ready")
        .signal("TERM")
        .end();
    ends(&end, 1, &["prep_stop"]);
    assert!(end.errors.contains(named), "{end:?}");
    assert!(
        end.errors.contains(", with these left\nsuptree:   "),
        "{end:?}"
    );
    let end = Program::start("stuck stop hook")
        .until("ready")
        .signal("TERM")
        .end();
    ends(&end, 1, &["stop"]);
    let errors = end.errors.trim_end();
    assert!(
        errors.contains("in the `stop` hook of application "),
        "{end:?}"
    );
    assert!(errors.ends_with(", no process is left"), "{end:?}");
}

/// A thread that is blocked holds up neither the stop, nor the end of the program.
#[test]
fn r44_a_blocked_thread_does_not_hold_up_the_end() {
    let end = Program::start("blocks one")
        .until("ready")
        .signal("TERM")
        .end();
    ends(&end, 0, &["a stops"]);
}

/// Nor do all of them: signals and the bound are on a thread of their own.
#[test]
fn r44_r46_signals_are_heard_while_every_thread_is_blocked() {
    let program = Program::start("blocks all").until("ready");
    // Nothing says when the first was taken; until then more of them are one.
    let end = program.signal_until_it_ends("INT");
    ends(&end, 130, &[]);
    let end = Program::start("blocks all and bound")
        .until("ready")
        .signal("TERM")
        .end();
    ends(&end, 1, &[]);
}

/// What a program holds may block the thread that drops it: the arguments and hooks of an application that is not started, an error.
#[test]
fn r220_destructors_that_block_hold_up_no_program() {
    let end = Program::start("fails and holds").end();
    ends(&end, 1, &["a stops"]);

    let program = Program::start("hook fails and holds").until("ready");
    let end = program.signal("TERM").end();
    ends(&end, 1, &["c stops", "b stops", "a stops"]);

    let program = Program::start("slow start and holds").until("starting");
    let end = program.signal("TERM").end();
    ends(&end, 0, &["a stops"]);

    let program = Program::start("stuck and holds").until("ready");
    let program = program.signal("TERM").until("stuck");
    let end = program.signal_until_it_ends("INT");
    ends(&end, 130, &[]);
}

/// Nor does a standard error that nobody reads, on which the program would say what went wrong.
#[test]
fn r241_a_report_that_nobody_takes_holds_up_no_program() {
    let program = Program::start("hook fails unread").until("ready");
    let end = program.signal("TERM").end();
    ends(&end, 1, &["c stops", "b stops", "a stops"]);

    let program = Program::start("stuck unread").until("ready");
    let end = program.signal("TERM").until("stuck").signal("TERM").end();
    ends(&end, 143, &[]);
}
