//! Start functions that fail, or say `ignore`, during a restart.

use super::*;

/// Three children; the second one ended, and its start failed. It is to be tried again.
fn second_failed(strategy: Strategy) -> World {
    let mut world = World::up(strategy, &permanent(3));
    let old = world.pids[&2];
    match strategy {
        OneForAll => {
            assert_eq!(world.tell_exit(2), "stop 3 1");
            world.tell_exit(3);
            assert_eq!(world.tell_exit(1), "start 1");
            assert_eq!(world.tell_start(1, Answer::Pid), "start 2");
        }
        RestForOne => {
            assert_eq!(world.tell_exit(2), "stop 3");
            assert_eq!(world.tell_exit(3), "start 2");
        }
        OneForOne | Dynamic => assert_eq!(world.tell_exit(2), "start 2"),
    }
    assert_eq!(world.tell_start(2, Fails), "2 later");
    assert_eq!(world.process(2), Process::Restarting(Some(old)));
    world
}

#[test]
fn sup_22_each_failed_attempt_counts() {
    for strategy in FIXED {
        let mut world = World::up(strategy, &permanent(1));
        world.answer(&[Fails; 3]);
        let attempts = "start 1, 1 later, start 1, 1 later, start 1, 1 later";
        assert_eq!(world.crash(1), format!("{attempts}, give up, ended"));
    }
}

#[test]
fn sup_29_one_for_all_starts_over() {
    let mut world = World::up(OneForAll, &permanent(4));
    world.answer(&[Answer::Pid, Answer::Pid, Fails]);
    assert_eq!(
        world.crash(2),
        "stop 4 3 1, start 1, start 2, start 3, 3 later, stop 2 1, start 1, start 2, start 3, start 4",
    );
    assert_eq!(world.restarts_left(), 1);
}

#[test]
fn sup_30_rest_for_one_goes_on_from_the_child_that_failed() {
    let mut world = World::up(RestForOne, &permanent(4));
    world.answer(&[Answer::Pid, Fails]);
    assert_eq!(
        world.crash(2),
        "stop 4 3, start 2, start 3, 3 later, start 3, start 4"
    );
    assert_eq!(world.restarts_left(), 1);
}

#[test]
fn sup_24_requests_for_a_child_about_to_be_restarted() {
    for (strategy, running) in [
        (OneForOne, vec![1, 3]),
        (OneForAll, vec![1]),
        (RestForOne, vec![1]),
    ] {
        let mut world = second_failed(strategy);
        assert_eq!(world.running(), running);
        assert_eq!(world.model.count_children().active, running.len());
        assert_eq!(world.event(Event::RestartChild(2)), "reply: restarting");
        assert_eq!(world.event(Event::DeleteChild(2)), "reply: restarting");
        let start = Event::StartChild(spec(2, Permanent));
        assert_eq!(world.event(start), "reply: alreadypresent");
        assert_eq!(world.event(Event::TerminateChild(2)), "keep 2, reply: ok");
        assert_eq!(
            world.event(Event::TryAgain(2)),
            "ignored",
            "it was cancelled"
        );
        assert_eq!(world.process(2), Process::Undefined);
    }
}

#[test]
fn sup_24_a_sibling_that_fails_in_a_group_has_no_old_process() {
    let mut world = World::up(RestForOne, &permanent(3));
    world.tell_exit(2);
    world.tell_exit(3);
    assert_eq!(world.tell_start(2, Answer::Pid), "start 3");
    assert_eq!(world.tell_start(3, Fails), "3 later");
    assert_eq!(world.process(3), Process::Restarting(None));
    assert_eq!(world.running(), [1, 2]);
}

#[test]
fn sup_24_a_sibling_that_ends_before_the_next_attempt() {
    // One for all: all are started on its account, and the next attempt finds nothing to do.
    let mut world = second_failed(OneForAll);
    assert_eq!(world.crash(1), "start 1, start 2, start 3");
    assert_eq!(world.event(Event::TryAgain(2)), "ignored");
    assert_eq!(world.restarts_left(), 1);

    // Rest for one: the same, if it was started earlier.
    let mut world = second_failed(RestForOne);
    assert_eq!(world.crash(1), "start 1, start 2, start 3");
    assert_eq!(world.event(Event::TryAgain(2)), "ignored");

    // Only a request can have started a later one.
    let mut world = second_failed(RestForOne);
    world.event(Event::RestartChild(3));
    assert_eq!(world.crash(3), "start 3");
    assert_eq!(world.event(Event::TryAgain(2)), "stop 3, start 2, start 3");

    let mut world = second_failed(OneForOne);
    assert_eq!(world.crash(1), "start 1");
    assert_eq!(world.event(Event::TryAgain(2)), "start 2");
}

#[test]
fn sup_22_two_messages_to_try_again_are_two_attempts() {
    let mut world = second_failed(OneForAll);
    assert_eq!(world.tell_exit(1), "start 1");
    // The message of the first failure comes meanwhile, and that of the second one after it.
    assert_eq!(world.tell(Event::TryAgain(2)), "");
    assert_eq!(world.tell_start(1, Answer::Pid), "start 2");
    assert_eq!(world.tell_start(2, Fails), "2 later, stop 1");
    assert_eq!(world.tell(Event::TryAgain(2)), "");
    assert_eq!(world.tell_exit(1), "start 1");
    assert_eq!(world.tell_start(1, Fails), "1 later, ignored");
    assert_eq!(world.process(1), Process::Restarting(None));
    assert_eq!(world.process(2), Process::Undefined);
    assert_eq!(world.event(Event::TryAgain(1)), "give up, ended");
}

#[test]
fn sup_26_a_stop_between_two_attempts() {
    let mut world = second_failed(OneForOne);
    assert_eq!(world.tell(Event::Shutdown), "stop 3 1");
    assert_eq!(world.tell(Event::TryAgain(2)), "");
    assert_eq!(world.tell_exit(3), "");
    assert_eq!(world.tell_exit(1), "ended as told");
}

#[test]
fn sup_27_what_waits_is_seen_to_before_the_next_attempt() {
    let mut world = World::up(OneForOne, &permanent(2));
    assert_eq!(world.tell_exit(1), "start 1");
    assert_eq!(world.tell(Event::DeleteChild(1)), "");
    assert_eq!(world.tell(Event::TerminateChild(1)), "");
    let steps = world.tell_start(1, Fails);
    assert_eq!(steps, "1 later, reply: restarting, keep 1, reply: ok");
    assert_eq!(world.tell(Event::TryAgain(1)), "ignored");
}

#[test]
fn sup_44_ignore_on_a_restart_is_accepted() {
    for strategy in [OneForOne, RestForOne] {
        let mut world = World::up(strategy, &permanent(2));
        world.answer(&[Ignore]);
        assert_eq!(world.crash(2), "start 2, keep 2");
    }
    let mut world = World::up(OneForAll, &permanent(3));
    world.answer(&[Answer::Pid, Ignore]);
    assert_eq!(
        world.crash(2),
        "stop 3 1, start 1, start 2, keep 2, start 3"
    );
    assert_eq!(world.running(), [1, 3]);
}
