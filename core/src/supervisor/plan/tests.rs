//! The plan's decisions, one by one. [`against_model`](super::against_model) holds whole histories against a second opinion.

use std::time::Duration;

use super::*;
use crate::rt::Instant;

fn intensity(max_restarts: u32) -> Intensity {
    Intensity::new(max_restarts, Duration::from_secs(5))
}

fn pid(serial: u64) -> Pid {
    Pid::new(1, serial)
}

/// A fixed plan with running children, whose pids are 0, 1, 2..
fn fixed<const N: usize>(group: RestartGroup, restarts: [Restart; N]) -> (Plan, [ChildKey; N]) {
    let mut plan = Plan::fixed(group, intensity(3));
    let mut serial = 0;
    let keys = restarts.map(|restart| {
        let key = plan.add(restart);
        plan.started(key, pid(serial));
        serial += 1;
        key
    });
    (plan, keys)
}

fn steps(decision: Option<(ChildKey, Decision)>) -> Vec<RestartStep> {
    match decision {
        Some((_, Decision::Restart(steps))) => steps.collect(),
        other => panic!("expected a restart: {other:?}"),
    }
}

#[derive(Debug, PartialEq)]
enum Fate {
    Restarted,
    Kept,
    Forgotten,
}
use Fate::{Forgotten, Kept, Restarted};

fn fate(mut plan: Plan, restart: Restart, reason: &ExitReason) -> Fate {
    let key = plan.add(restart);
    plan.started(key, pid(7));
    let fate = match plan.exited(pid(7), reason, Instant::now()) {
        Some((_, Decision::Restart(steps))) => {
            assert!(steps.eq([RestartStep::Start(key)]));
            Restarted
        }
        Some((_, Decision::Keep)) => Kept,
        Some((_, Decision::Forget)) => Forgotten,
        other => panic!("{restart:?} {reason:?}: {other:?}"),
    };
    let status = match fate {
        Restarted => Some(ChildStatus::Restarting(Some(pid(7)))),
        Kept => Some(ChildStatus::Stopped),
        Forgotten => None,
    };
    assert_eq!(plan.status(key), status, "{restart:?} {reason:?}");
    fate
}

/// SUP-12 and DS-11, as a table: who is restarted, kept, forgotten.
#[test]
fn restart_type_and_reason_decide() {
    let detail = ExitReason::ShutdownWith("1".into());
    let error = ExitReason::from("boom");
    let table = [
        //                     permanent  transient  temporary
        (ExitReason::Normal, [Restarted, Kept, Forgotten]),
        (ExitReason::Shutdown, [Restarted, Kept, Forgotten]),
        (detail, [Restarted, Kept, Forgotten]),
        (ExitReason::Killed, [Restarted, Restarted, Forgotten]),
        (error, [Restarted, Restarted, Forgotten]),
    ];
    for (reason, fates) in table {
        let restarts = [Restart::Permanent, Restart::Transient, Restart::Temporary];
        for (restart, expected) in restarts.into_iter().zip(fates) {
            let plan = Plan::fixed(RestartGroup::One, intensity(1));
            assert_eq!(
                fate(plan, restart, &reason),
                expected,
                "{restart:?} {reason:?}"
            );
            // A dynamic supervisor keeps no specification without a process.
            let expected = if expected == Kept {
                Forgotten
            } else {
                expected
            };
            let plan = Plan::dynamic(None, intensity(1));
            assert_eq!(
                fate(plan, restart, &reason),
                expected,
                "{restart:?} {reason:?}"
            );
        }
    }
}

#[test]
fn a_stranger_means_nothing() {
    let (mut plan, [key]) = fixed(RestartGroup::One, [Restart::Permanent]);
    let now = Instant::now();
    assert_eq!(plan.exited(pid(99), &ExitReason::Killed, now), None);
    assert!(plan.exited(pid(0), &ExitReason::Killed, now).is_some());
    assert_eq!(plan.exited(pid(0), &ExitReason::Killed, now), None);
    plan.started(key, pid(1));
    assert_eq!(plan.exited(pid(0), &ExitReason::Killed, now), None);
}

#[test]
fn every_attempt_counts() {
    let mut plan = Plan::fixed(RestartGroup::One, intensity(2));
    let now = Instant::now();
    let key = plan.add(Restart::Permanent);
    plan.started(key, pid(1));
    let again = || Decision::Restart(RestartSteps::of_one(key));
    let exited = plan.exited(pid(1), &ExitReason::Killed, now);
    assert_eq!(exited, Some((key, again())));
    plan.failed(key);
    assert_eq!(
        plan.status(key),
        Some(ChildStatus::Restarting(Some(pid(1))))
    );
    assert_eq!(plan.key_of(pid(1)), Some(key));
    assert_eq!(plan.try_again(key, now), Some(again()));
    plan.failed(key);
    assert_eq!(plan.try_again(key, now), Some(Decision::GiveUp));
}

#[test]
fn a_stop_cancels_the_retry() {
    let mut plan = Plan::fixed(RestartGroup::One, intensity(2));
    let key = plan.add(Restart::Permanent);
    plan.failed(key);
    assert!(!plan.stopped(key));
    assert_eq!(plan.try_again(key, Instant::now()), None);
}

const PERMANENT: Restart = Restart::Permanent;

/// SUP-29 to SUP-31.
#[test]
fn a_group_stops_in_reverse_and_starts_in_order() {
    use RestartStep::{Start, Stop};
    let now = Instant::now();
    let (mut plan, [a, b, c, d]) = fixed(RestartGroup::Rest, [PERMANENT; 4]);
    let decided = steps(plan.exited(pid(1), &ExitReason::Killed, now));
    assert_eq!(decided, [Stop(d), Stop(c), Start(b), Start(c), Start(d)]);
    let (mut plan, [.., last]) = fixed(RestartGroup::Rest, [PERMANENT; 3]);
    let decided = steps(plan.exited(pid(2), &ExitReason::Killed, now));
    assert_eq!(decided, [Start(last)]);
    let (mut plan, _) = fixed(RestartGroup::All, [PERMANENT; 4]);
    let decided = steps(plan.exited(pid(1), &ExitReason::Killed, now));
    let expected = [
        Stop(d),
        Stop(c),
        Stop(a),
        Start(a),
        Start(b),
        Start(c),
        Start(d),
    ];
    assert_eq!(decided, expected);
}

/// SUP-35 and SUP-36.
#[test]
fn a_group_revives_the_stopped_and_leaves_the_temporary() {
    use RestartStep::{Start, Stop};
    let restarts = [Restart::Transient, Restart::Temporary, PERMANENT, PERMANENT];
    let (mut plan, [a, b, c, d]) = fixed(RestartGroup::All, restarts);
    let now = Instant::now();
    let kept = plan.exited(pid(0), &ExitReason::Normal, now);
    assert_eq!(kept, Some((a, Decision::Keep)));
    assert!(!plan.stopped(c));
    let decided = steps(plan.exited(pid(3), &ExitReason::Killed, now));
    assert_eq!(decided, [Stop(b), Start(a), Start(c), Start(d)]);
    assert!(plan.stopped(b));
    assert_eq!(plan.status(b), None);
}

/// A failure in the midst: `rest_for_one` goes on from the child that failed, `one_for_all` starts over.
#[test]
fn a_retry_goes_on_or_starts_over() {
    use RestartStep::{Start, Stop};
    let now = Instant::now();
    for group in [RestartGroup::Rest, RestartGroup::All] {
        let (mut plan, [a, b, c]) = fixed(group, [PERMANENT; 3]);
        steps(plan.exited(pid(0), &ExitReason::Killed, now));
        assert!(!plan.stopped(c));
        assert!(!plan.stopped(b));
        plan.started(a, pid(10));
        plan.failed(b);
        assert_eq!(plan.status(b), Some(ChildStatus::Restarting(None)));
        assert_eq!(plan.status(c), Some(ChildStatus::Stopped));
        let decided = steps(plan.try_again(b, now).map(|decision| (b, decision)));
        match group {
            RestartGroup::All => assert_eq!(decided, [Stop(a), Start(a), Start(b), Start(c)]),
            _ => assert_eq!(decided, [Start(b), Start(c)]),
        }
    }
}

#[test]
fn room_is_taken_by_those_that_run_or_are_restarted() {
    let mut plan = Plan::dynamic(Some(2), intensity(9));
    let [a, b] = [PERMANENT; 2].map(|restart| {
        assert!(plan.may_add());
        plan.add(restart)
    });
    plan.started(a, pid(0));
    plan.started(b, pid(1));
    assert!(!plan.may_add());
    let _restart = plan.exited(pid(0), &ExitReason::Killed, Instant::now());
    plan.failed(a);
    assert!(!plan.may_add());
    assert_eq!(plan.key_of(pid(0)), Some(a));
    assert!(plan.stopped(a));
    assert!(plan.may_add());
    assert_eq!(plan.key_of(pid(0)), None);
}

#[test]
fn the_kind_says_how_children_go() {
    let fixed = Plan::fixed(RestartGroup::One, intensity(1));
    let dynamic = Plan::dynamic(None, intensity(1));
    assert_eq!(fixed.stop_order(), StopOrder::Reverse);
    assert_eq!(dynamic.stop_order(), StopOrder::Together);
    assert!(fixed.has_ids() && !dynamic.has_ids());
    let detail = ExitReason::ShutdownWith("1".into());
    let quiet = [
        // reason, of a permanent child, of another, of a permanent one in a dynamic supervisor
        (ExitReason::Shutdown, [true, true, true]),
        (detail, [false, true, true]),
        (ExitReason::Normal, [false, true, false]),
        (ExitReason::Killed, [false, false, false]),
    ];
    for (reason, expected) in quiet {
        let found = [
            fixed.may_stop_with(Restart::Permanent, &reason),
            fixed.may_stop_with(Restart::Transient, &reason),
            dynamic.may_stop_with(Restart::Permanent, &reason),
        ];
        assert_eq!(found, expected, "{reason:?}");
    }
}

#[test]
fn r82_a_plan_gives_back_what_many_children_needed() {
    let mut plan = Plan::dynamic(None, intensity(3));
    let keys: Vec<_> = (0..50_000)
        .map(|serial| {
            let key = plan.add(Restart::Temporary);
            plan.started(key, pid(serial));
            key
        })
        .collect();
    for key in keys {
        plan.forget(key);
    }
    assert!(plan.keys.capacity() < 5_000, "{}", plan.keys.capacity());
}

/// A restart that waits is counted when it is tried, and only the newest delay is one.
#[test]
fn restarts_with_a_backoff_wait() {
    let mut plan = Plan::fixed(RestartGroup::One, intensity(1));
    let wait = Duration::from_secs(10);
    let rules = ChildRules {
        backoff: Some(Backoff::new(wait, wait)),
        ..Restart::Permanent.into()
    };
    let (key, start) = (plan.add(rules), Instant::now());
    let at = |seconds| start + Duration::from_secs(seconds);
    plan.started(key, pid(1));
    plan.ran_from(key, start);
    let ended = plan.exited(pid(1), &ExitReason::Killed, at(1));
    assert_eq!(ended, Some((key, Decision::Wait)));
    assert_eq!(
        plan.status(key),
        Some(ChildStatus::Restarting(Some(pid(1))))
    );
    assert_eq!(plan.intensity().restarts().len(), 0);
    assert_eq!(plan.delay(key, at(1), 0), Some(wait));

    // Stopped and started by request, it ends again: the first delay is not its own.
    assert!(!plan.stopped(key));
    assert_eq!(plan.try_again(key, at(11)), None);
    plan.started(key, pid(2));
    plan.ran_from(key, at(5));
    let ended = plan.exited(pid(2), &ExitReason::Killed, at(6));
    assert_eq!(ended, Some((key, Decision::Wait)));
    assert_eq!(plan.delay(key, at(6), 0), Some(wait));
    assert_eq!(plan.try_again(key, at(11)), None);
    let steps = steps(plan.try_again(key, at(16)).map(|decision| (key, decision)));
    assert_eq!(steps, [RestartStep::Start(key)]);
    assert_eq!(plan.intensity().restarts().len(), 1);
}

/// Who is significant, and counts, in each state of a child.
#[test]
fn significant_children_count_while_they_run_or_are_to_be_restarted() {
    let plan = Plan::fixed(RestartGroup::One, intensity(3));
    let mut plan = plan.with_auto_shutdown(AutoShutdown::AllSignificant);
    let rules = ChildRules {
        significant: true,
        ..Restart::Transient.into()
    };
    let now = Instant::now();
    let [a, b] = [1, 2].map(|serial| {
        let key = plan.add(rules);
        plan.started(key, pid(serial));
        key
    });
    // It is to be restarted, and counts.
    assert_eq!(
        steps(plan.exited(pid(1), &ExitReason::Killed, now)),
        [RestartStep::Start(a)]
    );
    let ended = plan.exited(pid(2), &ExitReason::Normal, now);
    assert_eq!(ended, Some((b, Decision::Keep)));
    // It comes back, and is the last.
    plan.started(a, pid(3));
    let ended = plan.exited(pid(3), &ExitReason::Normal, now);
    assert_eq!(ended, Some((a, Decision::ShutDown)));
}
