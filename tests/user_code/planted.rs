//! Bugs planted where user code is called, woken or dropped: the cases find each of them.
//!
//! They are compiled in with `RUSTFLAGS="--cfg suptree_planted_bugs"` only, and described in `core/src/planted.rs`.

#[cfg(suptree_planted_bugs)]
use crate::{CASES, Case, cases, fault, fault::Op, inline, run};

/// F8: a case fails with each of them.
#[cfg(suptree_planted_bugs)]
#[test]
fn f8_each_bug_planted_around_user_code_is_found() {
    use suptree::__private::{Bug, plant};

    std::panic::set_hook(Box::new(|_| {}));
    let mut missed = Vec::new();
    for (bug, what) in Bug::USER_CODE {
        plant(Some(*bug));
        let fails = |case: &Case| {
            let all = || Op::ALL.iter().for_each(|op| while_it_panics(*case, *op));
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(all)).is_err()
        };
        let found = CASES
            .iter()
            .find(|(_, variants)| variants.iter().any(fails));
        let found = found.map(|(name, _)| *name).or_else(|| {
            let polled = || inline(cases::queued::polled_in_a_wake_up);
            let wrong = std::panic::catch_unwind(polled).is_ok_and(|wrong| !wrong.is_empty());
            wrong.then_some("polled_in_a_wake_up")
        });
        plant(None);
        fault::disarm();
        match found {
            Some(case) => println!("{bug:?} found by {case}: {what}"),
            None => missed.push(bug),
        }
    }
    drop(std::panic::take_hook());
    assert!(missed.is_empty(), "not found: {missed:?}");
}

#[cfg(suptree_planted_bugs)]
fn while_it_panics(case: Case, op: Op) {
    (0..)
        .take_while(|nth| run("planted", case, op, *nth, false))
        .count();
}
