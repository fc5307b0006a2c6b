//! Planted bugs: races that one thread cannot show. Each of them has to be found.
//!
//! They are compiled in with `--cfg suptree_planted_bugs` beside the checker's cfg, and described in `core/src/planted.rs`.

/// Each is found by one of the scenarios, within so many rounds of all of them.
#[cfg(suptree_planted_bugs)]
const ROUNDS: u64 = 100;

/// Each is found.
#[cfg(suptree_planted_bugs)]
#[test]
fn each_planted_race_is_found() {
    use suptree_core::__private::{Bug, plant};

    std::panic::set_hook(Box::new(|_| {}));
    let only = std::env::var("SUPTREE_RACES_BUG").ok();
    let mut missed = Vec::new();
    // Some of the simulation's bugs, and of those that unit tests find, are races, too.
    let races_too = |(bug, _): &&(Bug, _)| {
        matches!(
            bug,
            Bug::LateReplyAccepted
                | Bug::DroppedReplyInInitNotTold
                | Bug::NewcomerBarges
                | Bug::LineWithoutOrder
                | Bug::PromiseNotPassedOn
                | Bug::StreamWokenTooEarly
                | Bug::WorkOutlivesItsServer
        )
    };
    let others = Bug::SIMULATION.iter().chain(Bug::OWN);
    let too = others.filter(races_too);
    for (bug, what) in Bug::RACES.iter().chain(too) {
        if only
            .as_ref()
            .is_some_and(|only| *only != format!("{bug:?}"))
        {
            continue;
        }
        plant(Some(*bug));
        let first = crate::harness::first_seed();
        let found = (first..first + ROUNDS).find_map(|seed| {
            crate::SCENARIOS.iter().find_map(|(name, scenario)| {
                let how = crate::harness::hunt(*scenario, seed)?;
                Some((name, seed, how))
            })
        });
        plant(None);
        match found {
            Some((name, seed, how)) => {
                println!("{bug:?} found by seed {seed} of {name}: {what}\n       {how}");
            }
            None => {
                println!("{bug:?} MISSED: {what}");
                missed.push(bug);
            }
        }
    }
    assert!(missed.is_empty(), "not found: {missed:?}");
}
