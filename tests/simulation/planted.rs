//! Planted bugs: each of them has to be found, within 1,000 seeds (F8).
//!
//! They are compiled in with `RUSTFLAGS="--cfg suptree_planted_bugs"` only, and described in `core/src/planted.rs`.

/// F8: the simulation finds each of the planted bugs within 1,000 seeds.
#[cfg(suptree_planted_bugs)]
#[test]
fn f8_each_planted_bug_is_found() {
    use suptree::__private::{Bug, plant};

    const SEEDS: u64 = 1000;
    crate::silence_panics();
    let base = crate::from_env("SUPTREE_SIM_BASE").unwrap_or(1);
    let only = std::env::var("SUPTREE_SIM_BUG").ok();
    let mut missed = Vec::new();
    let wanted = |bug: &Bug| only.as_ref().is_none_or(|only| *only == format!("{bug:?}"));
    // Some that unit tests find are to be found by whole servers, too.
    let here_too = |(bug, _): &&(Bug, _)| {
        matches!(
            bug,
            Bug::DownAfterDemonitor | Bug::StreamWokenTooEarly | Bug::TimeoutOutlivesCalls
        )
    };
    let all = Bug::SIMULATION
        .iter()
        .chain(Bug::OWN.iter().filter(here_too));
    for (bug, what) in all.filter(|(bug, _)| wanted(bug)) {
        let started = std::time::Instant::now();
        plant(Some(*bug));
        let found = (0..SEEDS).find_map(|nth| {
            let seed = base.wrapping_add(nth);
            let small = crate::SMALL.iter().find_map(|play| play(seed));
            let violation = small.or_else(|| crate::story::play(seed).violation)?;
            Some((nth, violation))
        });
        plant(None);
        let took = started.elapsed();
        match found {
            Some((nth, violation)) => {
                println!("{bug:?} found by seed {nth:>3} in {took:.1?}: {what}\n       {violation}")
            }
            None => {
                println!("{bug:?} MISSED in {took:.1?}: {what}");
                missed.push(bug);
            }
        }
    }
    assert!(
        missed.is_empty(),
        "not found within {SEEDS} seeds: {missed:?}"
    );
}
