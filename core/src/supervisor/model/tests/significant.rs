//! Supervisors that shut down when significant children have ended.

use super::*;

const ANY: AutoShutdown = AutoShutdown::AnySignificant;
const ALL: AutoShutdown = AutoShutdown::AllSignificant;

const fn significant(id: Id, restart: Restart) -> Spec {
    Spec {
        significant: true,
        ..spec(id, restart)
    }
}

fn up(strategy: Strategy, auto_shutdown: AutoShutdown, specs: &[Spec]) -> World {
    let mut world = World::significant(strategy, auto_shutdown, specs);
    world.boot();
    world
}

#[test]
fn sup_70_any_significant_transient_child() {
    let specs = [
        spec(1, Permanent),
        significant(2, Transient),
        spec(3, Permanent),
    ];
    for strategy in FIXED {
        for reason in [Reason::Normal, Reason::Shutdown] {
            let steps = up(strategy, ANY, &specs).exit(2, reason);
            assert_eq!(steps, "keep 2, auto shutdown, stop 3 1, ended");
        }
    }
    let mut world = up(OneForOne, ANY, &specs);
    assert_eq!(world.crash(2), "start 2");
    let terminated = world.event(Event::TerminateChild(2));
    assert_eq!(terminated, "stop 2, keep 2, reply: ok");
}

#[test]
fn sup_71_any_significant_temporary_child() {
    let specs = [significant(1, Temporary), spec(2, Permanent)];
    for reason in [Reason::Normal, Reason::Shutdown, Reason::Abnormal] {
        let steps = up(OneForOne, ANY, &specs).exit(1, reason);
        assert_eq!(steps, "forget 1, auto shutdown, stop 2, ended");
    }
    let terminated = up(OneForOne, ANY, &specs).event(Event::TerminateChild(1));
    assert_eq!(terminated, "stop 1, forget 1, reply: ok");
}

#[test]
fn sup_70_all_significant_waits_for_the_last_one() {
    let specs = [
        significant(1, Transient),
        significant(2, Temporary),
        spec(3, Permanent),
    ];
    let mut world = up(OneForOne, ALL, &specs);
    assert_eq!(world.exit(1, Reason::Normal), "keep 1");
    assert_eq!(world.crash(2), "forget 2, auto shutdown, stop 3, ended");
}

#[test]
fn sup_70_sup_71_all_significant_and_one_terminated_by_request() {
    let specs = [
        significant(1, Transient),
        significant(2, Temporary),
        spec(3, Permanent),
    ];
    // It is not its end that shuts the supervisor down,
    let mut world = up(OneForOne, ALL, &specs);
    assert_eq!(world.exit(1, Reason::Normal), "keep 1");
    let terminated = world.event(Event::TerminateChild(2));
    assert_eq!(terminated, "stop 2, forget 2, reply: ok");
    // but that of another one does not wait for it.
    let mut world = up(OneForOne, ALL, &specs);
    world.event(Event::TerminateChild(2));
    let steps = world.exit(1, Reason::Normal);
    assert_eq!(steps, "keep 1, auto shutdown, stop 3, ended");
}

#[test]
fn sup_70_all_significant_waits_for_one_about_to_be_restarted() {
    let specs = [significant(1, Transient), significant(2, Transient)];
    let mut world = up(OneForOne, ALL, &specs);
    assert_eq!(world.tell_exit(2), "start 2");
    assert_eq!(world.tell_start(2, Fails), "2 later");
    assert_eq!(world.exit(1, Reason::Normal), "keep 1");
    world.event(Event::TryAgain(2));
    assert_eq!(
        world.exit(2, Reason::Normal),
        "keep 2, auto shutdown, ended"
    );
}

#[test]
fn sup_70_ignore_on_a_restart_does_not_shut_down() {
    for mode in [ANY, ALL] {
        let mut world = up(OneForOne, mode, &[significant(1, Transient)]);
        world.answer(&[Ignore]);
        assert_eq!(world.crash(1), "start 1, keep 1");
    }
}

#[test]
fn sup_73_the_stop_of_a_significant_sibling_does_not_shut_down() {
    let specs = [spec(1, Permanent), significant(2, Temporary)];
    for mode in [ANY, ALL] {
        let mut world = up(OneForAll, mode, &specs);
        assert_eq!(world.crash(1), "stop 2, forget 2, start 1");
    }
}

#[test]
fn sup_75_other_children_never_shut_down() {
    let specs = [
        spec(1, Transient),
        spec(2, Temporary),
        significant(3, Temporary),
    ];
    for mode in [ANY, ALL] {
        let mut world = up(OneForOne, mode, &specs);
        world.event(Event::TerminateChild(3));
        assert_eq!(world.exit(1, Reason::Normal), "keep 1");
        assert_eq!(world.crash(2), "forget 2");
    }
}
