//! Every transition from every state, against what the three rules say.

use super::*;

/// All states there are. What is buried is dead.
fn all() -> impl Iterator<Item = u32> {
    let bits = RUNNING
        | MAIL
        | SIGNAL
        | AWAITING
        | WOKEN
        | DEAD
        | NO_INLINE
        | STARTING
        | SPAWNED
        | TRACED
        | BELONGINGS
        | SYSTEM
        | SUSPENDED
        | WATCHED
        | BURIED;
    (0..=bits).filter(|bits| !has(*bits, BURIED) || has(*bits, DEAD))
}

fn has(bits: u32, bit: u32) -> bool {
    bits & bit != 0
}

/// Does something to a state; returns what it gave, and the state after it.
fn after<R>(before: u32, act: impl FnOnce(&State) -> R) -> (R, u32) {
    let state = State(AtomicU32::new(before));
    let result = act(&state);
    (result, state.snapshot().0)
}

/// Bits in which two states differ.
fn changed(before: u32, after: u32) -> u32 {
    before ^ after
}

/// What keeps a caller out: anything but that the task was spawned, that it is sent something later, and the span where it is entered.
fn keeps_out(bits: u32, entry: Entry) -> u32 {
    let span = if entry == Entry::WithSpan { TRACED } else { 0 };
    bits & !(SPAWNED | BELONGINGS | span)
}

#[test]
fn a_caller_enters_an_idle_server_and_no_other() {
    for before in all() {
        for entry in [Entry::Plain, Entry::WithSpan] {
            let (entered, now) = after(before, |state| state.try_enter(entry));
            assert_eq!(entered, keeps_out(before, entry) == 0);
            assert_eq!(now, if entered { before | RUNNING } else { before });
        }
    }
}

#[test]
fn a_caller_who_waits_helps_with_a_backlog_once_and_looks_again_for_another_caller() {
    for before in all() {
        for entry in [Entry::Plain, Entry::WithSpan] {
            for helps in [false, true] {
                let (result, now) =
                    after(before, |state| state.try_enter_with_backlog(entry, helps));
                let out = keeps_out(before, entry);
                let expected = if out == 0 {
                    Ok(false)
                } else if out == MAIL && helps {
                    Ok(true)
                } else if out == RUNNING || out == RUNNING | MAIL {
                    Err(Outside::Occupied)
                } else {
                    Err(Outside::Closed)
                };
                assert_eq!(result, Some(expected));
                let entered = expected.is_ok();
                assert_eq!(now, if entered { before | RUNNING } else { before });
            }
        }
    }
}

#[test]
fn nobody_enters_twice() {
    for before in all() {
        let (entered, now) = after(before, State::enter_anyway);
        assert_eq!(entered, !has(before, RUNNING));
        assert_eq!(now, before | RUNNING);
        for enter in [State::try_enter_for_mail, State::try_enter_for_parent] {
            let (entered, now) = after(before, enter);
            assert!(!(entered && has(before, RUNNING)));
            assert_eq!(has(now, RUNNING), entered || has(before, RUNNING));
        }
    }
}

#[test]
fn the_task_takes_messages_up_where_there_is_nothing_else_to_do() {
    for before in all() {
        let (entered, now) = after(before, State::try_enter_for_mail);
        let others = [
            RUNNING, SIGNAL, AWAITING, DEAD, STARTING, SYSTEM, SUSPENDED, WATCHED,
        ];
        let nothing_else = others.iter().all(|bit| !has(before, *bit));
        assert_eq!(entered, nothing_else && has(before, MAIL));
        if entered {
            assert_eq!(now, (before | RUNNING) & !(MAIL | WOKEN));
        } else {
            assert_eq!(now, before);
        }
    }
}

#[test]
fn a_parent_enters_unless_a_signal_came_before() {
    for before in all() {
        let (entered, now) = after(before, State::try_enter_for_parent);
        let free = [RUNNING, SIGNAL, DEAD].iter().all(|bit| !has(before, *bit));
        assert_eq!(entered, free);
        assert_eq!(now, if free { before | RUNNING } else { before });
    }
}

/// Rule 2: nothing that came up is left behind.
#[test]
fn nobody_leaves_undisturbed_who_was_disturbed() {
    for before in all() {
        let (left, now) = after(before, State::try_leave_undisturbed);
        let disturbed = [
            MAIL, SIGNAL, AWAITING, WOKEN, DEAD, STARTING, SYSTEM, SUSPENDED,
        ]
        .iter()
        .any(|bit| has(before, *bit));
        assert_eq!(left, has(before, RUNNING) && !disturbed);
        assert_eq!(now, if left { before & !RUNNING } else { before });
    }
}

/// Rule 2: a state in which something came up since the look is not left.
#[test]
fn the_last_look_has_to_be_true() {
    for seen in all() {
        for now in [
            seen,
            seen | MAIL,
            seen | SIGNAL,
            seen | WOKEN,
            seen | SYSTEM,
        ] {
            let (left, after) = after(now, |state| state.try_leave(Snapshot(seen)));
            assert_eq!(left, seen == now);
            assert_eq!(after, if left { seen & !RUNNING } else { now });
        }
    }
}

#[test]
fn what_is_left_to_the_task_wakes_it() {
    for before in all() {
        let (wake, now) = after(before, State::leave_to_task);
        assert_eq!((wake, now), (Wake::Task, before & !RUNNING));
    }
}

/// Rule 3: the task is woken where nobody is running, or about to, who will see the message; and once for a backlog.
#[test]
fn a_message_wakes_the_task_of_a_server_at_rest() {
    for before in all() {
        let (wake, now) = after(before, State::note_mail);
        assert_eq!(now, before | MAIL);
        // Who resumes a suspended server sees to it, and where there are requests somebody was woken.
        let seen_by_somebody = [
            RUNNING, MAIL, SIGNAL, AWAITING, WOKEN, DEAD, STARTING, SYSTEM, SUSPENDED,
        ]
        .iter()
        .any(|bit| has(before, *bit));
        assert_eq!(wake == Wake::Task, !seen_by_somebody);
    }
}

/// Rule 3.
#[test]
fn a_signal_wakes_the_task_unless_somebody_runs_the_server() {
    for before in all() {
        let (wake, now) = after(before, State::note_signal);
        assert_eq!(now, before | SIGNAL);
        assert_eq!(
            wake == Wake::Task,
            !has(before, RUNNING) && !has(before, DEAD)
        );
    }
}

/// Rule 3.
#[test]
fn a_request_of_sys_wakes_the_task_unless_somebody_runs_the_server() {
    for before in all() {
        let (wake, now) = after(before, State::note_system);
        assert_eq!(now, before | SYSTEM);
        assert_eq!(
            wake == Wake::Task,
            !has(before, RUNNING) && !has(before, DEAD)
        );
    }
}

/// Rule 3.
#[test]
fn a_wake_up_wakes_the_task_once_unless_somebody_runs_the_server() {
    for before in all() {
        let ((wake, seen), now) = after(before, State::note_woken);
        assert_eq!(seen, Snapshot(before));
        assert_eq!(now, before | WOKEN);
        let nobody = [RUNNING, WOKEN, DEAD].iter().all(|bit| !has(before, *bit));
        assert_eq!(wake == Wake::Task, nobody);
    }
}

#[test]
fn a_transition_touches_its_own_bits_alone() {
    type Transition = (fn(&State), u32, u32);
    let transitions: [Transition; 19] = [
        (State::note_belongings, BELONGINGS, 0),
        (State::take_system, 0, SYSTEM),
        (|state| state.set_watched(true), WATCHED, 0),
        (|state| state.set_watched(false), 0, WATCHED),
        (|state| state.set_suspended(true), SUSPENDED, 0),
        (|state| state.set_suspended(false), 0, SUSPENDED),
        (State::note_dead, DEAD, 0),
        (State::leave_buried, BURIED, RUNNING),
        (State::keep_mail, MAIL, 0),
        (State::note_interrupt, MAIL | WOKEN, 0),
        (State::take_mail, 0, MAIL),
        (State::begin_messages, 0, MAIL | WOKEN),
        (State::begin_resume, 0, WOKEN),
        (State::take_signals, 0, SIGNAL),
        (|state| state.begin_await(false), AWAITING, 0),
        (|state| state.begin_await(true), AWAITING | MAIL, 0),
        (State::end_await, 0, AWAITING),
        (|state| state.set_slow(true), NO_INLINE, 0),
        (|state| state.set_slow(false), 0, NO_INLINE),
    ];
    for before in all() {
        for (transition, set, cleared) in transitions {
            let ((), now) = after(before, transition);
            assert_eq!(now, (before | set) & !cleared);
        }
        let (spawned, now) = after(before, State::note_spawned);
        assert_eq!((spawned, now), (!has(before, SPAWNED), before | SPAWNED));
        for traced in [false, true] {
            let ((), now) = after(before, |state| state.end_start(traced));
            let span = if traced { TRACED } else { 0 };
            assert_eq!(changed(before | span, now), before & STARTING);
        }
    }
}

/// Signals before handlers, the handler that waits before messages, and a death before all.
#[test]
fn what_is_done_next_has_one_order() {
    for bits in all() {
        let expected = if has(bits, BURIED) {
            Next::Leave
        } else if has(bits, DEAD) {
            Next::Bury
        } else if has(bits, SIGNAL) {
            Next::Signals
        } else {
            let waits = has(bits, AWAITING);
            let [woken, mail] = [WOKEN, MAIL].map(|bit| has(bits, bit));
            match (waits, has(bits, SYSTEM), has(bits, SUSPENDED)) {
                (true, _, _) if woken => Next::Resume,
                (true, _, _) => Next::Leave,
                (false, true, _) => Next::System,
                (false, false, true) => Next::Leave,
                (false, false, false) if woken || mail => Next::Messages,
                (false, false, false) => Next::Leave,
            }
        };
        assert_eq!(Snapshot(bits).next(), expected);
    }
}

/// Leaving by `Next::Leave` leaves nothing to do but for what wakes the task when it comes up.
#[test]
fn a_server_that_is_left_has_nothing_to_do() {
    for bits in all().filter(|bits| Snapshot(*bits).next() == Next::Leave && !has(*bits, BURIED)) {
        assert!(!has(bits, SIGNAL) && !has(bits, DEAD));
        assert!(!has(bits, WOKEN) || has(bits, SUSPENDED));
        assert!(!has(bits, MAIL) || has(bits, AWAITING) || has(bits, SUSPENDED));
        assert!(!has(bits, SYSTEM) || has(bits, AWAITING));
    }
}

#[test]
fn the_process_table_shows_the_most_important_first() {
    for bits in all() {
        let expected = match bits {
            bits if has(bits, DEAD) => Status::Exiting,
            bits if has(bits, STARTING) => Status::Starting,
            bits if has(bits, AWAITING) => Status::Waiting,
            bits if has(bits, SUSPENDED) => Status::Suspended,
            bits if has(bits, RUNNING) || has(bits, MAIL) => Status::Running,
            _ => Status::Idle,
        };
        assert_eq!(Snapshot(bits).status(), expected);
    }
}

#[test]
fn a_new_cell_is_owned_by_its_start() {
    for inline in [false, true] {
        let seen = State::starting(inline).snapshot();
        assert!(seen.is_running() && seen.status() == Status::Starting);
        assert_eq!(seen.keeps_callers_out(), !inline);
    }
}

#[test]
fn debug_lists_the_bits() {
    let shown = format!("{:?}", Snapshot(RUNNING | MAIL | TRACED));
    assert_eq!(shown, r#"{"RUNNING", "MAIL", "TRACED"}"#);
    assert_eq!(format!("{:?}", Snapshot(0)), "{}");
    // No two bits are the same, and none is left out.
    let names = format!("{:?}", Snapshot(u32::MAX));
    assert_eq!(names.matches(", ").count() + 1, 15);
    assert_eq!(all().count(), (1 << 14) + (1 << 13));
}
