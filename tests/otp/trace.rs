//! Two traces of a scenario, compared step by step.
//!
//! What is known to differ, and is no difference, stands in [`DEPARTURES`]: each is counted where it is used, and printed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};

use crate::scenario::{Id, Kind, Op, Scenario, Spec};
use crate::words;

/// What is mapped, by the number of the departure in `docs/departures.md`, or by OTP's own words where it promises nothing.
pub(crate) const DEPARTURES: &[(&str, &str)] = &[
    (
        "D1",
        "an exit of a caller is an error that is returned: in the words",
    ),
    (
        "D28",
        "the window is exact, and here an hour long: time is compared with the model alone",
    ),
    (
        "D29",
        "children are listed in start order: OTP's lists are turned around",
    ),
    (
        "D30",
        "exits come before requests: those that a held supervisor finds are sent in this order",
    ),
    (
        "D31",
        "what a kill of a supervisor brings about has no order in OTP: the events of such a step are compared as a set. All below \
         get the signal `killed`, where OTP's nested supervisors say `shutdown`; who has `brutal_kill` is killed, without `terminate`",
    ),
    (
        "D32",
        "a start that waits gives way to its supervisor's end: scripts tell no supervisor to end that waits for a child and has others \
         to start",
    ),
    (
        "D63",
        "a dynamic supervisor is Elixir's, not simple_one_for_one: `terminate_child` of a process that is dead and no child says \
         `not_found`, and its children are counted one by one",
    ),
    (
        "DS-19",
        "the children of a dynamic supervisor stop together: those that end in a row have no order",
    ),
];

/// What was compared.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    /// How often each mapping was used.
    mapped: BTreeMap<&'static str, u64>,
    /// How often each kind of line, and each answer, stands in OTP's traces.
    words: BTreeMap<String, u64>,
    steps: u64,
}

impl Figures {
    fn mapped(&mut self, number: &'static str) {
        debug_assert!(DEPARTURES.iter().any(|(known, _)| *known == number));
        *self.mapped.entry(number).or_default() += 1;
    }

    /// Counts what OTP did.
    pub(crate) fn note(&mut self, trace: &[String]) {
        for line in trace {
            let mut words = line.splitn(3, ' ');
            let (kind, name, rest) = (words.next(), words.next(), words.next());
            match (kind, name, rest) {
                (Some("="), Some(_), _) => {
                    self.steps += 1;
                    let answer = &line[2..];
                    let held = ["held ", "lingered "]
                        .iter()
                        .find_map(|held| answer.strip_prefix(held));
                    let answers = held.unwrap_or(answer).split(", ");
                    for answer in answers.filter(|answer| !answer.is_empty()) {
                        let exact = !answer.starts_with("list") && !answer.contains('(');
                        let word = if exact { answer } else { &answer[..4] };
                        self.word(&format!("= {word}"));
                        if answer.contains("restarting") {
                            self.word("restarting");
                        }
                    }
                }
                (Some("start" | "end" | "gone" | "bye"), _, Some(rest)) => {
                    self.word(&format!("{} {rest}", kind.unwrap_or_default()));
                }
                _ => {}
            }
        }
    }

    fn word(&mut self, word: &str) {
        *self.words.entry(word.to_owned()).or_default() += 1;
    }

    fn count(&self, kind: &str) -> u64 {
        let words = self.words.iter();
        let of_kind = words.filter(|(word, _)| word.starts_with(kind));
        of_kind.map(|(_, times)| times).sum()
    }

    /// The scripts get around: else that nothing differs would say little.
    pub(crate) fn check(&self) {
        for word in REACHED {
            let times = self.count(word);
            assert!(
                times >= 3,
                "`{word}` was reached {times} times\n{:?}",
                self.words
            );
        }
    }
}

/// What random scripts reach.
const REACHED: &[&str] = &[
    "start ok",
    "start fail",
    "start panic",
    "start ignore",
    "end normal",
    "end shutdown",
    "end shutdown_with",
    "end boom",
    "end panic",
    "end kill",
    "end killed",
    "bye shutdown",
    "gone shutdown",
    "gone shutdown_with",
    "gone killed",
    "= ok",
    "= ok undefined",
    "= ok perhaps",
    "= bad_combination",
    "= already_started",
    "= already_present",
    "= not_found",
    "= running",
    "= restarting",
    "= error boom",
    "= error panic",
    "= exited noproc",
    "= list",
    "restarting",
];

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} steps with {} starts, {} ends, {} ends of supervisors; no difference but",
            self.steps,
            self.count("start "),
            self.count("end "),
            self.count("gone ")
        )?;
        for (number, about) in DEPARTURES {
            let times = self.mapped.get(number).copied().unwrap_or_default();
            if times > 0 {
                write!(f, "\n  {number} in {times} steps: {about}")?;
            } else {
                write!(f, "\n  {number}: {about}")?;
            }
        }
        Ok(())
    }
}

/// What differs first. `None`: nothing.
pub(crate) fn difference(
    scenario: &Scenario,
    theirs: &[String],
    ours: &[String],
    figures: &mut Figures,
) -> Option<String> {
    let names = Names::of(scenario);
    let (theirs, ours) = (steps(theirs), steps(ours));
    for at in 0..theirs.len().max(ours.len()) {
        let step = |of: &[&[String]], figures: &mut Figures| {
            of.get(at).map(|step| in_order(step, &names, figures))
        };
        let mut otp = step(&theirs, figures);
        let us = step(&ours, figures);
        if let (Some(otp), Some(us)) = (&mut otp, &us) {
            dead_processes(&mut otp[0], &us[0], figures);
        }
        if otp != us {
            return Some(report(scenario, at, theirs.get(at), ours.get(at)));
        }
    }
    None
}

/// Each begins with what came of the operation; the first is the start.
fn steps(trace: &[String]) -> Vec<&[String]> {
    trace.chunk_by(|_, next| !next.starts_with("= ")).collect()
}

/// A step, with what has no order sorted.
fn in_order(step: &[String], names: &Names, figures: &mut Figures) -> Vec<String> {
    let mut step = step.to_vec();
    let is_event = |line: &String| {
        ["start ", "bye ", "end "]
            .iter()
            .any(|word| line.starts_with(word))
    };
    let killed = |line: &String| line.starts_with("gone ") && line.ends_with(" killed");
    if step.iter().any(killed) {
        figures.mapped("D31");
        let end = 1 + step[1..].iter().take_while(|line| is_event(line)).count();
        for line in &mut step[1..] {
            let told = line.strip_suffix(" shutdown");
            if let Some(told) = told.filter(|told| !told.starts_with("start ")) {
                *line = format!("{told} killed");
            }
        }
        let mut events: Vec<_> = step.drain(1..end).collect();
        events.retain(|event| {
            let bye = event
                .strip_prefix("bye ")
                .and_then(|bye| bye.strip_suffix(" killed"));
            !bye.and_then(|bye| bye.split('#').next())
                .is_some_and(|id| names.brutally_killed.contains(id))
        });
        events.sort();
        step.splice(1..1, events);
        return step;
    }
    let ends = |line: &String| {
        let mut words = line.split(' ');
        matches!(words.next(), Some("bye" | "end"))
            && words
                .next()
                .and_then(|name| name.split('#').next())
                .is_some_and(|id| names.dynamic.contains(id))
    };
    for together in step.chunk_by_mut(|line, next| ends(line) && ends(next)) {
        if together.len() > 1 {
            let before = together.to_vec();
            together.sort();
            if before != together {
                figures.mapped("DS-19");
            }
        }
    }
    step
}

/// D63: where OTP says `ok perhaps`, ours may say `not_found`.
fn dead_processes(theirs: &mut String, ours: &str, figures: &mut Figures) {
    if !theirs.contains("ok perhaps") {
        return;
    }
    let answers = theirs.split(", ").zip(ours.split(", "));
    let answers = answers.map(|(theirs, ours)| {
        let both = theirs.strip_suffix("ok perhaps").zip(
            ours.strip_suffix("not_found")
                .or_else(|| ours.strip_suffix("ok")),
        );
        match both {
            Some((before, same)) if before == same => {
                figures.mapped("D63");
                ours
            }
            _ => theirs,
        }
    });
    let answers: Vec<_> = answers.collect();
    *theirs = answers.join(", ");
}

/// The names of some children.
#[derive(Default)]
struct Names {
    /// The children of dynamic supervisors.
    dynamic: BTreeSet<String>,
    brutally_killed: BTreeSet<String>,
}

impl Names {
    fn of(scenario: &Scenario) -> Self {
        let mut names = Self::default();
        let mut pools = BTreeSet::new();
        names.look(&scenario.root, &mut pools);
        let requests = scenario.ops.iter().flat_map(|op| match op {
            Op::Hold(.., requests) => requests.iter().collect(),
            Op::Linger(_, op, _, requests) => requests.iter().chain([&**op]).collect(),
            op => vec![op],
        });
        for op in requests {
            match op {
                Op::StartChild(_, spec) => names.look(spec, &mut pools),
                Op::StartDynamic(pool, id) => {
                    names.dynamic.insert(words::id(id));
                    if pools.contains(pool) {
                        names.brutally_killed.insert(words::id(id));
                    }
                }
                _ => {}
            }
        }
        names
    }

    /// `pools`: dynamic supervisors whose children are killed.
    fn look(&mut self, spec: &Spec, pools: &mut BTreeSet<Id>) {
        match &spec.kind {
            Kind::Worker(worker) if worker.brutal_kill => {
                self.brutally_killed.insert(words::id(spec.id));
            }
            Kind::Dynamic { worker, .. } if worker.brutal_kill => {
                pools.insert(spec.id);
            }
            Kind::Supervisor { children, .. } => {
                for child in children {
                    self.look(child, pools);
                }
            }
            Kind::Worker(_) | Kind::Dynamic { .. } => {}
        }
    }
}

/// As both wrote it down.
fn report(
    scenario: &Scenario,
    at: usize,
    theirs: Option<&&[String]>,
    ours: Option<&&[String]>,
) -> String {
    let mut text = format!("{scenario}step {at}");
    for (who, step) in [("OTP", theirs), ("ours", ours)] {
        let _written = write!(
            text,
            "\n--- {who}:\n{}",
            step.map_or(String::new(), |step| step.join("\n"))
        );
    }
    text
}
