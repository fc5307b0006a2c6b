//! Requests to supervisors with fixed children.

use super::*;

#[test]
fn sup_59_an_id_is_started_once() {
    let mut world = World::up(OneForOne, &permanent(2));
    let running = world.event(Event::StartChild(spec(1, Permanent)));
    assert_eq!(running, "reply: alreadystarted(101)");
    world.event(Event::TerminateChild(2));
    let stopped = world.event(Event::StartChild(spec(2, Permanent)));
    assert_eq!(stopped, "reply: alreadypresent");
}

#[test]
fn sup_60_a_child_that_does_not_start_is_discarded() {
    let mut world = World::up(OneForOne, &permanent(1));
    world.answer(&[Fails]);
    let start = Event::StartChild(spec(2, Permanent));
    assert_eq!(world.event(start), "start 2, forget 2, reply: failed");
    assert_eq!(world.ids(), [1]);
    assert_eq!(world.event(start), "start 2, reply: started");
}

#[test]
fn sup_60_start_child_with_ignore() {
    let mut world = World::up(OneForOne, &[]);
    world.answer(&[Ignore, Ignore]);
    let kept = world.event(Event::StartChild(spec(1, Permanent)));
    assert_eq!(kept, "start 1, keep 1, reply: undefined");
    let gone = world.event(Event::StartChild(spec(2, Temporary)));
    assert_eq!(gone, "start 2, forget 2, reply: undefined");
    assert_eq!(world.ids(), [1]);
}

#[test]
fn sup_61_terminate_child_twice() {
    let mut world = World::up(OneForOne, &[spec(1, Permanent), spec(2, Temporary)]);
    let permanent = Event::TerminateChild(1);
    assert_eq!(world.event(permanent), "stop 1, keep 1, reply: ok");
    assert_eq!(world.event(permanent), "keep 1, reply: ok");
    let temporary = Event::TerminateChild(2);
    assert_eq!(world.event(temporary), "stop 2, forget 2, reply: ok");
    assert_eq!(world.event(temporary), "reply: notfound");
}

#[test]
fn sup_62_requests_that_are_refused() {
    let mut world = World::up(OneForOne, &permanent(1));
    assert_eq!(world.event(Event::DeleteChild(1)), "reply: running");
    assert_eq!(world.event(Event::RestartChild(1)), "reply: running");
    assert_eq!(world.event(Event::DeleteChild(9)), "reply: notfound");
    assert_eq!(world.event(Event::RestartChild(9)), "reply: notfound");
    assert_eq!(world.event(Event::TerminateChild(9)), "reply: notfound");
    let by_pid = Event::TerminateProcess(world.pids[&1]);
    assert_eq!(world.event(by_pid), "reply: notfound");
    assert_eq!(world.running(), [1]);
}

#[test]
fn sup_62_a_restart_by_request_that_fails_is_not_tried_again() {
    let mut world = World::up(OneForAll, &permanent(2));
    world.event(Event::TerminateChild(2));
    world.answer(&[Fails]);
    assert_eq!(
        world.event(Event::RestartChild(2)),
        "start 2, reply: failed"
    );
    assert_eq!(world.process(2), Process::Undefined);
    assert_eq!(world.running(), [1]);
}

#[test]
fn sup_68_what_is_counted() {
    let mut specs = permanent(4);
    specs[3].supervisor = true;
    let mut world = World::up(OneForOne, &specs);
    world.event(Event::TerminateChild(1));
    world.event(Event::TerminateChild(4));
    world.tell_exit(2);
    world.tell_start(2, Fails);
    let counts = Counts {
        specs: 4,
        active: 1,
        supervisors: 1,
        workers: 3,
    };
    assert_eq!(world.model.count_children(), counts);
}

#[test]
fn sup_82_an_exit_during_a_request_is_seen_to_afterwards() {
    let mut world = World::up(OneForOne, &permanent(3));
    assert_eq!(world.tell(Event::TerminateChild(3)), "stop 3");
    assert_eq!(world.tell_exit(2), "");
    assert_eq!(world.tell_exit(3), "keep 3, reply: ok, start 2");
}

#[test]
fn sup_82_a_child_that_ends_while_it_waits_to_be_terminated() {
    let mut world = World::up(OneForOne, &permanent(2));
    assert_eq!(world.tell(Event::StartChild(spec(3, Permanent))), "start 3");
    assert_eq!(world.tell(Event::TerminateChild(1)), "");
    assert_eq!(world.tell_exit(1), "");
    let steps = world.tell_start(3, Answer::Pid);
    assert_eq!(
        steps, "reply: started, keep 1, reply: ok",
        "it is not restarted"
    );
    assert!(!world.model.is_busy());
}
