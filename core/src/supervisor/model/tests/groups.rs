//! Which siblings are stopped and started.

use super::*;

#[test]
fn sup_28_one_for_one_restarts_the_one() {
    let mut world = World::up(OneForOne, &permanent(3));
    let before = world.pids.clone();
    assert_eq!(world.crash(2), "start 2");
    assert_eq!(world.process(1), Process::Running(before[&1]));
    assert_eq!(world.process(3), Process::Running(before[&3]));
    assert_ne!(world.process(2), Process::Running(before[&2]));
}

#[test]
fn sup_29_one_for_all_restarts_all() {
    let mut world = World::up(OneForAll, &permanent(4));
    assert_eq!(
        world.crash(2),
        "stop 4 3 1, start 1, start 2, start 3, start 4"
    );
}

#[test]
fn sup_30_sup_31_rest_for_one_restarts_what_was_started_later() {
    let mut world = World::up(RestForOne, &permanent(4));
    assert_eq!(world.crash(2), "stop 4 3, start 2, start 3, start 4");
    assert_eq!(
        world.crash(1),
        "stop 4 3 2, start 1, start 2, start 3, start 4"
    );
    assert_eq!(world.crash(4), "start 4");
}

#[test]
fn sup_35_a_group_restart_revives_the_stopped() {
    let specs = [
        spec(1, Permanent),
        spec(2, Transient),
        spec(3, Permanent),
        spec(4, Permanent),
    ];
    for strategy in [OneForAll, RestForOne] {
        let mut world = World::new(strategy, &specs);
        world.answer(&[Answer::Pid, Answer::Pid, Ignore]);
        world.boot();
        world.exit(2, Reason::Normal);
        world.event(Event::TerminateChild(4));
        assert_eq!(world.running(), [1]);
        assert_eq!(world.crash(1), "start 1, start 2, start 3, start 4");
        assert_eq!(world.running(), [1, 2, 3, 4]);
    }
}

#[test]
fn sup_36_a_group_restart_forgets_temporary_siblings() {
    let specs = [spec(1, Permanent), spec(2, Temporary), spec(3, Permanent)];
    for strategy in [OneForAll, RestForOne] {
        let mut world = World::up(strategy, &specs);
        assert_eq!(world.crash(1), "stop 3 2, forget 2, start 1, start 3");
        assert_eq!(world.ids(), [1, 3]);
    }
    let mut world = World::up(RestForOne, &specs);
    assert_eq!(world.crash(3), "start 3");
    assert_eq!(world.ids(), [1, 2, 3], "it was started earlier");
}

#[test]
fn sup_36_a_temporary_sibling_that_ended_meanwhile() {
    let specs = [spec(1, Permanent), spec(2, Temporary), spec(3, Permanent)];
    let mut world = World::up(OneForAll, &specs);
    assert_eq!(world.tell_exit(1), "stop 3 2");
    assert_eq!(world.tell_exit(2), "");
    assert_eq!(world.tell_exit(3), "forget 2, start 1");
}

#[test]
fn sup_64_a_restarted_child_keeps_its_place() {
    let mut world = World::up(RestForOne, &permanent(3));
    world.event(Event::TerminateChild(2));
    world.event(Event::RestartChild(2));
    assert_eq!(world.crash(2), "stop 3, start 2, start 3");

    let mut world = World::up(RestForOne, &permanent(3));
    world.event(Event::TerminateChild(2));
    assert_eq!(world.event(Event::DeleteChild(2)), "forget 2, reply: ok");
    world.event(Event::StartChild(spec(2, Permanent)));
    assert_eq!(world.crash(2), "start 2");
    assert_eq!(world.event(Event::Shutdown), "stop 2 3 1, ended as told");
}

#[test]
fn sup_65_a_child_started_later_is_the_last_one() {
    let mut world = World::up(RestForOne, &permanent(2));
    world.event(Event::StartChild(spec(9, Permanent)));
    assert_eq!(world.crash(9), "start 9");
    assert_eq!(world.crash(2), "stop 9, start 2, start 9");
    assert_eq!(world.event(Event::Shutdown), "stop 9 2 1, ended as told");
}
