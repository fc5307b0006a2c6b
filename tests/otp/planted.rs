//! Differences planted in ours: each has to be found (F8).

/// F8: each is found among the product and the first scripts.
#[cfg(suptree_planted_bugs)]
#[test]
fn f8_differences_from_otp_are_found() {
    use suptree::__private::{Bug, plant};

    use crate::scenario::Scenario;
    use crate::trace::Figures;

    const SCRIPTS: u64 = 1000;
    let Some(mut vm) = crate::erlang() else {
        return;
    };
    let mut scenarios = crate::product::all();
    scenarios.extend((1..=SCRIPTS).map(Scenario::random));
    let theirs = vm.play(&scenarios);
    let shared = [
        Bug::OneRestartTooMany,
        Bug::TransientAlwaysRestarted,
        Bug::ChildrenStopInStartOrder,
        Bug::OtherExitsLost,
    ];
    let ours = Bug::OTP.iter().chain(Bug::PLAN).map(|(bug, _)| *bug);
    // The window has no edge here: time does not pass.
    let ours = ours.filter(|bug| *bug != Bug::WindowWithoutEdge);
    let mut missed = Vec::new();
    for bug in ours.chain(shared) {
        plant(Some(bug));
        let found = crate::find(&scenarios, &theirs, 1, &mut Figures::default());
        plant(None);
        match found {
            Some((at, _)) => println!("{bug:?} found by scenario {at}"),
            None => missed.push(bug),
        }
    }
    assert!(missed.is_empty(), "not found: {missed:?}");
}
