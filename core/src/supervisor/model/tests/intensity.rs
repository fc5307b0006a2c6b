//! How many restarts are too many.

use super::*;

#[test]
fn sup_15_no_restart_allowed() {
    let mut world = World::up(OneForOne, &permanent(1)).max_restarts(0);
    assert_eq!(world.crash(1), "give up, ended");
}

#[test]
fn sup_16_sup_19_the_fourth_restart_is_one_too_many() {
    for strategy in FIXED {
        for reason in [Reason::Normal, Reason::Abnormal] {
            let mut world = World::up(strategy, &permanent(1));
            for _ in 0..3 {
                assert_eq!(world.exit(1, reason), "start 1");
            }
            assert_eq!(world.exit(1, reason), "give up, ended");
        }
    }
}

#[test]
fn sup_17_sup_18_the_window_moves_on() {
    let mut world = World::up(OneForOne, &permanent(1));
    for _ in 0..4 {
        for _ in 0..3 {
            assert_eq!(world.crash(1), "start 1");
        }
        world.now += 5 * SECOND + 1;
    }
    // Restarts leave the window one by one.
    for _ in 0..12 {
        assert_eq!(world.crash(1), "start 1");
        world.now += 2 * SECOND;
    }
    assert_eq!(world.restarts_left(), 1);
}

#[test]
fn sup_17_d28_the_window_includes_its_edge() {
    let crash_twice = |gap: Nanos| {
        let mut world = World::up(OneForOne, &permanent(1)).max_restarts(1);
        world.now = 3;
        assert_eq!(world.crash(1), "start 1");
        world.now += gap;
        world.crash(1)
    };
    assert_eq!(crash_twice(5 * SECOND - 1), "give up, ended");
    assert_eq!(crash_twice(5 * SECOND), "give up, ended");
    assert_eq!(crash_twice(5 * SECOND + 1), "start 1");
}

#[test]
fn sup_37_a_group_restart_counts_once() {
    for strategy in [OneForAll, RestForOne] {
        let mut world = World::up(strategy, &permanent(5)).max_restarts(1);
        world.crash(1);
        assert_eq!(world.running(), [1, 2, 3, 4, 5]);
        assert_eq!(world.crash(1), "give up, stop 5 4 3 2, ended");
    }
}

/// Two of three children die. The second of them does while the supervisor sees to the first.
fn restarts_left(strategy: Strategy, first: Id, second: Id) -> usize {
    let mut world = World::up(strategy, &permanent(3));
    let steps = world
        .model
        .handle(Event::Exited(world.pids[&first], Reason::Abnormal), 0);
    let end = Event::Exited(world.pids[&second], Reason::Abnormal);
    assert_eq!(world.tell(end), "");
    // What remains to be stopped or started.
    let steps = steps.into_iter().map(|step| match step {
        Step::Stop(ids) => Step::Stop(ids.into_iter().filter(|id| *id != second).collect()),
        step => step,
    });
    let steps = steps.collect();
    world.play(steps);
    assert_eq!(world.running(), [1, 2, 3]);
    world.restarts_left()
}

#[test]
fn sup_37_children_that_die_together() {
    assert_eq!(restarts_left(OneForOne, 1, 2), 1, "two restarts");
    assert_eq!(restarts_left(OneForAll, 1, 2), 2, "one restart");
    assert_eq!(restarts_left(OneForAll, 2, 1), 2, "one restart");
    assert_eq!(
        restarts_left(RestForOne, 1, 2),
        2,
        "one restart: the earlier one was first"
    );
    assert_eq!(restarts_left(RestForOne, 2, 1), 1, "two restarts");
}

#[test]
fn sup_39_the_budget_is_shared() {
    let mut world = World::up(OneForOne, &permanent(3)).max_restarts(2);
    assert_eq!(world.crash(1), "start 1");
    assert_eq!(world.crash(2), "start 2");
    assert_eq!(world.crash(3), "give up, stop 2 1, ended");
}

#[test]
fn sup_40_giving_up_stops_the_others() {
    for strategy in FIXED {
        let mut world = World::up(strategy, &permanent(4)).max_restarts(0);
        assert_eq!(world.crash(2), "give up, stop 4 3 1, ended");
    }
}

#[test]
fn sup_63_requests_do_not_count() {
    let mut world = World::up(OneForOne, &permanent(1)).max_restarts(0);
    for _ in 0..5 {
        let terminated = world.event(Event::TerminateChild(1));
        assert_eq!(terminated, "stop 1, keep 1, reply: ok");
        assert_eq!(
            world.event(Event::RestartChild(1)),
            "start 1, reply: started"
        );
    }
    assert_eq!(world.model.ended(), None);
}
