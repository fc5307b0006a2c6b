//! Which exits restart a child.

use super::*;

#[test]
fn sup_12_sup_86_exits_that_restart() {
    let table = [
        (Permanent, Reason::Normal, "start 1"),
        (Permanent, Reason::Shutdown, "start 1"),
        (Permanent, Reason::Abnormal, "start 1"),
        (Transient, Reason::Normal, "keep 1"),
        (Transient, Reason::Shutdown, "keep 1"),
        (Transient, Reason::Abnormal, "start 1"),
        (Temporary, Reason::Normal, "forget 1"),
        (Temporary, Reason::Shutdown, "forget 1"),
        (Temporary, Reason::Abnormal, "forget 1"),
    ];
    for strategy in FIXED {
        for (restart, reason, steps) in table {
            let mut world = World::up(strategy, &[spec(1, restart)]);
            assert_eq!(world.exit(1, reason), steps, "{restart:?}, {reason:?}");
        }
    }
}

#[test]
fn sup_13_a_transient_child_that_ended_is_present() {
    let mut world = World::up(OneForOne, &[spec(1, Transient)]);
    world.exit(1, Reason::Normal);
    assert_eq!(world.process(1), Process::Undefined);
    let start = Event::StartChild(spec(1, Transient));
    assert_eq!(world.event(start), "reply: alreadypresent");
    assert_eq!(
        world.event(Event::RestartChild(1)),
        "start 1, reply: started"
    );
}

#[test]
fn sup_14_a_temporary_child_that_ended_leaves_its_id() {
    let mut world = World::up(OneForOne, &[spec(1, Temporary)]);
    world.crash(1);
    assert_eq!(world.event(Event::RestartChild(1)), "reply: notfound");
    let start = Event::StartChild(spec(1, Temporary));
    assert_eq!(world.event(start), "start 1, reply: started");
}

#[test]
fn sup_20_a_transient_task_that_returns_leaves_the_supervisor_alive() {
    let mut world = World::up(OneForOne, &[spec(1, Transient)]).max_restarts(0);
    assert_eq!(world.exit(1, Reason::Normal), "keep 1");
    assert_eq!(world.model.ended(), None);
}

#[test]
fn sup_76_the_exit_of_a_stranger_means_nothing() {
    let mut world = World::up(OneForAll, &permanent(2));
    assert_eq!(world.event(Event::Exited(7, Reason::Abnormal)), "ignored");
    assert_eq!(world.event(Event::TryAgain(1)), "ignored");
    assert_eq!(world.event(Event::TryAgain(9)), "ignored");
    assert_eq!(world.restarts_left(), 3);
}
