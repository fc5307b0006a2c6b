//! Planted bugs: races that one thread cannot show. Each of them has to be found.
//!
//! They are compiled in with `--cfg suptree_planted_bugs` beside the checker's cfg. Their places are in `core`: `planted(n)`.

/// What is planted, by number. The first is one of the simulation's, too.
pub(crate) const BUGS: [(u32, &str); 11] = [
    (7, "a late reply reaches the next call"),
    (101, "`WORK` is cleared after the look into the mailbox"),
    (
        102,
        "the lane of signals is not looked at behind the mailbox",
    ),
    (103, "whoever goes out clears `RUN` whatever came up"),
    (
        104,
        "a sender leaves its waker after it has looked for room",
    ),
    (105, "messages are queued in a mailbox that is closed"),
    (106, "`SIGNAL` is set before the signal is there"),
    (107, "a wake-up is lost while somebody is inside"),
    (108, "the task leaves its waker after it has looked"),
    (109, "`RUN` is looked at, and then set"),
    (
        110,
        "a caller looks for its reply, and then leaves its waker",
    ),
];

/// Each is found by one of the scenarios, within so many rounds of all of them.
#[cfg(suptree_planted_bugs)]
const ROUNDS: u64 = 100;

/// Each is found.
#[cfg(suptree_planted_bugs)]
#[test]
fn each_planted_race_is_found() {
    std::panic::set_hook(Box::new(|_| {}));
    let only = std::env::var("SUPTREE_RACES_BUG").ok();
    let mut missed = Vec::new();
    for (bug, what) in BUGS {
        if only.as_deref().is_some_and(|only| only != bug.to_string()) {
            continue;
        }
        suptree_core::__private::plant(bug);
        let first = crate::harness::first_seed();
        let found = (first..first + ROUNDS).find_map(|seed| {
            crate::SCENARIOS.iter().find_map(|(name, scenario)| {
                let how = crate::harness::hunt(*scenario, seed)?;
                Some((name, seed, how))
            })
        });
        suptree_core::__private::plant(0);
        match found {
            Some((name, seed, how)) => {
                println!("bug {bug} found by seed {seed} of {name}: {what}\n       {how}");
            }
            None => {
                println!("bug {bug} MISSED: {what}");
                missed.push(bug);
            }
        }
    }
    assert!(missed.is_empty(), "not found: {missed:?}");
}

/// Nothing is listed twice, or left out.
#[test]
fn the_list_of_planted_races_is_in_order() {
    for (nth, (bug, _)) in (101..).zip(&BUGS[1..]) {
        assert_eq!(*bug, nth);
    }
}
