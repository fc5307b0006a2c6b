//! The plan against a model of OTP's supervisor: every decision of random histories.
//!
//! The model is naive, and was written without a look at the plan. Both are told the same events and have to say the same:
//! who is stopped, started, kept, forgotten, when it is too much, and what the children are in between.
//!
//! `SUPTREE_PLAN_HISTORIES` says how many histories, `SUPTREE_PLAN_SEED` where they begin. A history on which the two differ
//! is shrunk, and printed with its seed.

mod history;
mod ours;
mod world;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use self::history::History;
use crate::planted::{Bug, plant};
use crate::supervisor::model::Step;

const HISTORIES: u64 = 100_000;

fn number(name: &str, default: u64) -> u64 {
    let text = std::env::var(name);
    text.map_or(default, |text| text.parse().expect("a number"))
}

/// The first difference among so many histories, shrunk.
fn find_difference(histories: u64) -> Option<String> {
    let begin = number("SUPTREE_PLAN_SEED", 1);
    (begin..begin + histories).find_map(|seed| {
        let history = History::random(seed);
        history.play().err()?;
        let (history, difference) = shrink(history);
        Some(report(seed, &history, &difference))
    })
}

/// Leaves operations and children out, as long as a difference is left.
fn shrink(mut history: History) -> (History, String) {
    let mut difference = history.play().expect_err("a difference to begin with");
    loop {
        let smaller = history.smaller().find_map(|smaller| {
            let difference = smaller.play().err()?;
            Some((smaller, difference))
        });
        match smaller {
            Some(found) => (history, difference) = found,
            None => return (history, difference),
        }
    }
}

fn report(seed: u64, history: &History, difference: &str) -> String {
    let mut text = format!("seed {seed}: {:?}\n{:?}\n", history.flags, history.specs);
    for op in &history.ops {
        let _written = writeln!(text, "  {op:?}");
    }
    text + difference
}

#[test]
fn f17_the_plan_decides_as_otp_does() {
    let histories = number("SUPTREE_PLAN_HISTORIES", HISTORIES);
    if let Some(difference) = find_difference(histories) {
        panic!("{difference}");
    }
}

/// The histories get around: else that nothing differs would say little.
#[test]
fn histories_reach_every_kind_of_step() {
    let mut reached = Reached::default();
    for seed in 0..5_000 {
        let note = &mut |step: &Step| reached.note(step);
        let _difference = History::random(seed).play_and(note);
    }
    reached.check();
}

/// How often each kind of step was reached.
#[derive(Default)]
struct Reached(BTreeMap<String, usize>);

impl Reached {
    /// `Reply(Started(3))` is noted as `Reply(Started`.
    fn note(&mut self, step: &Step) {
        let text = format!("{step:?}");
        let kind = text.trim_end_matches(|end: char| !end.is_alphabetic());
        *self.0.entry(kind.to_owned()).or_default() += 1;
    }

    fn check(&self) {
        let kinds = [
            "Stop",
            "StopAtOnce",
            "Start",
            "Forget",
            "Keep",
            "TryAgainLater",
            "GiveUp",
            "AutoShutdown",
            "Ignored",
            "Ended(AsTold",
            "Ended(Shutdown",
            "Ended(FailedToStart",
            "Reply(Ok",
            "Reply(Started",
            "Reply(AlreadyStarted",
            "Reply(AlreadyPresent",
            "Reply(NotFound",
            "Reply(Failed",
            "Reply(Undefined",
            "Reply(Running",
            "Reply(Restarting",
            "Reply(MaxChildren",
            "Reply(Dynamic",
        ];
        for kind in kinds {
            let times = self.0.get(kind).copied().unwrap_or_default();
            assert!(times >= 10, "{kind}: {times} times\n{:?}", self.0);
        }
    }
}

#[test]
fn planted_bugs_of_the_plan_are_found() {
    let shared = [Bug::OneRestartTooMany, Bug::TransientAlwaysRestarted];
    let bugs = Bug::PLAN.iter().map(|(bug, _)| *bug).chain(shared);
    for bug in bugs {
        plant(Some(bug));
        let found = find_difference(HISTORIES);
        plant(None);
        let found = found.unwrap_or_else(|| panic!("{bug:?} was not found"));
        let ops = found.lines().filter(|line| line.starts_with("  ")).count();
        assert!(ops < 20, "a history that could be shrunk:\n{found}");
    }
}
