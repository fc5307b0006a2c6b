//! Dynamic supervisors.

use super::*;

#[test]
fn ds_02_what_start_child_answers() {
    let mut world = World::dynamic(Permanent, 0);
    let started = world.event(Event::StartChild(spec(1, Permanent)));
    assert_eq!(started, "start 1, reply: started");
    world.answer(&[Ignore, Fails]);
    let ignored = world.event(Event::StartChild(spec(2, Permanent)));
    assert_eq!(ignored, "start 2, forget 2, reply: undefined");
    let failed = world.event(Event::StartChild(spec(3, Permanent)));
    assert_eq!(failed, "start 3, forget 3, reply: failed");
    assert_eq!(world.ids(), [1]);
}

#[test]
fn ds_06_ds_09_max_children_counts_those_about_to_be_restarted() {
    let mut world = World::dynamic(Permanent, 0);
    let start = |id| Event::StartChild(spec(id, Permanent));
    world.model.flags.max_children = Some(0);
    assert_eq!(world.event(start(1)), "reply: maxchildren");
    world.model.flags.max_children = Some(2);
    world.event(start(1));
    world.event(start(2));
    assert_eq!(world.event(start(3)), "reply: maxchildren");
    world.tell_exit(1);
    world.tell_start(1, Fails);
    assert_eq!(world.event(start(3)), "reply: maxchildren");
    let counts = world.model.count_children();
    assert_eq!((counts.specs, counts.active), (2, 1));
    world.event(Event::TerminateProcess(world.pids[&2]));
    assert_eq!(world.event(start(3)), "start 3, reply: started");
}

#[test]
fn ds_11_exits_that_restart() {
    let table = [
        (Permanent, Reason::Normal, "start 1"),
        (Permanent, Reason::Shutdown, "start 1"),
        (Permanent, Reason::Abnormal, "start 1"),
        (Transient, Reason::Normal, "forget 1"),
        (Transient, Reason::Shutdown, "forget 1"),
        (Transient, Reason::Abnormal, "start 1"),
        (Temporary, Reason::Normal, "forget 1"),
        (Temporary, Reason::Shutdown, "forget 1"),
        (Temporary, Reason::Abnormal, "forget 1"),
    ];
    for (restart, reason, steps) in table {
        let mut world = World::dynamic(restart, 2);
        assert_eq!(world.exit(1, reason), steps, "{restart:?}, {reason:?}");
    }
}

#[test]
fn ds_12_ignore_on_a_restart_forgets_the_child() {
    let mut world = World::dynamic(Permanent, 2);
    world.answer(&[Ignore]);
    assert_eq!(world.crash(1), "start 1, forget 1");
    assert_eq!(world.ids(), [2]);
}

#[test]
fn ds_13_a_restart_that_fails_once() {
    let mut world = World::dynamic(Permanent, 2).max_restarts(2);
    world.answer(&[Fails]);
    assert_eq!(world.crash(1), "start 1, 1 later, start 1");
    assert_eq!(world.restarts_left(), 0);
}

#[test]
fn ds_14_a_restart_that_always_fails() {
    let mut world = World::dynamic(Permanent, 3).max_restarts(2);
    world.answer(&[Fails; 2]);
    assert_eq!(
        world.crash(2),
        "start 2, 2 later, start 2, 2 later, give up, stop at once 3 1, ended",
    );
}

#[test]
fn ds_15_the_budget_is_shared() {
    let mut world = World::dynamic(Permanent, 4);
    for (id, steps) in [(1, "start 1"), (2, "start 2"), (3, "start 3")] {
        assert_eq!(world.crash(id), steps);
    }
    assert_eq!(world.crash(4), "give up, stop at once 3 2 1, ended");
}

#[test]
fn ds_17_terminate_child_by_pid() {
    let mut world = World::dynamic(Permanent, 1);
    let terminate = Event::TerminateProcess(world.pids[&1]);
    assert_eq!(
        world.event(terminate),
        "stop at once 1, forget 1, reply: ok"
    );
    assert_eq!(world.event(terminate), "reply: notfound");
}

#[test]
fn ds_17_a_child_about_to_be_restarted_goes_by_its_old_pid() {
    let mut world = World::dynamic(Permanent, 1);
    let terminate = Event::TerminateProcess(world.pids[&1]);
    assert_eq!(world.tell_exit(1), "start 1");
    assert_eq!(world.tell_start(1, Fails), "1 later");
    assert_eq!(world.tell(Event::TryAgain(1)), "start 1");
    assert_eq!(world.tell_start(1, Fails), "1 later");
    assert_eq!(world.event(terminate), "forget 1, reply: ok");
    assert_eq!(world.event(Event::TryAgain(1)), "ignored");
}

#[test]
fn ds_17_requests_by_id_are_for_fixed_children() {
    let mut world = World::dynamic(Permanent, 1);
    assert_eq!(world.event(Event::TerminateChild(1)), "reply: dynamic");
    assert_eq!(world.event(Event::RestartChild(1)), "reply: dynamic");
    assert_eq!(world.event(Event::DeleteChild(1)), "reply: dynamic");
    assert_eq!(world.running(), [1]);
}

#[test]
fn ds_19_children_are_stopped_at_once() {
    let mut world = World::dynamic(Permanent, 3);
    assert_eq!(world.tell(Event::Shutdown), "stop at once 3 2 1");
    // In whatever order they end.
    assert_eq!(world.tell_exit(2), "");
    assert_eq!(world.tell_exit(1), "");
    assert_eq!(world.tell_exit(3), "ended as told");
}
