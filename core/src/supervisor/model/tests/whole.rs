//! Start and stop of the supervisor.

use super::*;

#[test]
fn sup_01_a_supervisor_without_children() {
    let mut world = World::new(OneForOne, &[]);
    assert_eq!(world.boot(), "");
    assert_eq!(world.model.count_children().specs, 0);
    assert_eq!(world.event(Event::Shutdown), "ended as told");
    assert_eq!(world.model.ended(), Some(Ended::AsTold));
    assert_eq!(world.event(Event::DeleteChild(1)), "ignored");
}

#[test]
fn sup_02_children_start_one_after_the_other() {
    let mut world = World::new(OneForOne, &permanent(2));
    assert_eq!(text(&world.model.boot()), "start 1");
    assert_eq!(world.tell_start(1, Answer::Pid), "start 2");
    assert!(world.model.is_busy());
    assert_eq!(world.tell_start(2, Answer::Pid), "");
    assert!(!world.model.is_busy());
    assert_eq!(world.running(), [1, 2]);
}

#[test]
fn sup_03_children_stop_in_reverse_order() {
    for strategy in FIXED {
        let mut world = World::up(strategy, &permanent(3));
        assert_eq!(world.event(Event::Shutdown), "stop 3 2 1, ended as told");
    }
}

#[test]
fn sup_05_a_failed_start_stops_what_was_started() {
    let mut world = World::new(OneForOne, &permanent(4));
    world.answer(&[Answer::Pid, Answer::Pid, Fails]);
    assert_eq!(
        world.boot(),
        "start 1, start 2, start 3, stop 2 1, ended, 3 failed"
    );
}

#[test]
fn sup_05_a_child_that_ended_during_the_boot_is_not_stopped() {
    let mut world = World::new(OneForOne, &permanent(3));
    world.model.boot();
    world.tell_start(1, Answer::Pid);
    world.tell_start(2, Answer::Pid);
    assert_eq!(world.tell_exit(1), "");
    assert_eq!(world.tell_start(3, Fails), "stop 2");
    assert_eq!(world.tell_exit(2), "ended, 3 failed");
}

#[test]
fn sup_07_sup_08_children_whose_start_says_ignore() {
    let mut world = World::new(OneForOne, &[spec(1, Permanent), spec(2, Temporary)]);
    world.answer(&[Ignore, Ignore, Ignore]);
    assert_eq!(world.boot(), "start 1, keep 1, start 2, forget 2");
    assert_eq!(world.process(1), Process::Undefined);
    assert_eq!(world.model.count_children().active, 0);
    let restart = Event::RestartChild(1);
    assert_eq!(world.event(restart), "start 1, keep 1, reply: undefined");
    assert_eq!(world.event(restart), "start 1, reply: started");
}
