//! Races: real servers under a checker that switches threads at every lock and atomic of the core, by a seeded schedule.
//!
//! Empty without `--cfg suptree_shuttle`; see CONTRIBUTING.md for the commands. `SUPTREE_RACES_SECONDS` is how long each
//! scenario runs, `SUPTREE_RACES_SEED` where its schedules begin, and `SUPTREE_RACES_SCHEDULE` one schedule to run again.

#![cfg(suptree_shuttle)]

mod beside;
mod cycles;
mod deaths;
mod desk;
mod groups;
mod harness;
mod order;
mod planted;
mod probe;
mod registry;
mod room;
mod slots;
mod streams;
mod supervision;
mod sys;
mod tasks;
mod timers;
mod waiting;

use harness::Scenario;

/// Every scenario there is: also what a planted bug has to be found by.
const SCENARIOS: &[Scenario] = &[
    ("order::in_place", order::in_place),
    ("order::driven", order::driven),
    ("order::begun", order::begun),
    ("order::queued", order::queued),
    ("order::casts_in_place", order::casts_in_place),
    ("order::first_messages", order::first_messages),
    ("waiting::woken", waiting::woken),
    ("waiting::begun", waiting::begun),
    ("waiting::woken_again", waiting::woken_again),
    ("waiting::killed", waiting::killed),
    ("room::crowd", room::crowd),
    ("room::second", room::second),
    ("room::busy", room::busy),
    ("room::given_up", room::given_up),
    ("room::in_turn", room::in_turn),
    ("room::closed", room::closed),
    ("slots::late", slots::late),
    ("slots::watched", slots::watched),
    ("slots::begun", slots::begun),
    ("slots::timeouts", slots::timeouts),
    ("slots::unanswered", slots::unanswered),
    ("slots::dropped_in_init", slots::dropped_in_init),
    ("deaths::killed", deaths::killed),
    ("deaths::ordered", deaths::ordered),
    ("deaths::stopped", deaths::stopped),
    ("deaths::crashed", deaths::crashed),
    ("deaths::trapped", deaths::trapped),
    ("deaths::started", deaths::started),
    ("sys::in_place", sys::in_place),
    ("sys::queued", sys::queued),
    ("sys::asked_as_it_dies", sys::asked_as_it_dies),
    (
        "supervision::dies_in_the_stop",
        supervision::dies_in_the_stop,
    ),
    (
        "supervision::dropped_by_themselves",
        supervision::dropped_by_themselves,
    ),
    (
        "supervision::leaves_by_itself",
        supervision::leaves_by_itself,
    ),
    (
        "supervision::leaves_when_stopped",
        supervision::leaves_when_stopped,
    ),
    (
        "supervision::leaves_when_terminated",
        supervision::leaves_when_terminated,
    ),
    (
        "supervision::stops_its_supervisor",
        supervision::stops_its_supervisor,
    ),
    (
        "supervision::killed_in_a_restart",
        supervision::killed_in_a_restart,
    ),
    (
        "supervision::starts_against_the_stop",
        supervision::starts_against_the_stop,
    ),
    ("supervision::linked", supervision::linked),
    (
        "groups::two_of_one_for_one_die",
        groups::two_of_one_for_one_die,
    ),
    (
        "groups::two_of_one_for_all_die",
        groups::two_of_one_for_all_die,
    ),
    (
        "groups::two_of_rest_for_one_die",
        groups::two_of_rest_for_one_die,
    ),
    (
        "groups::asked_by_who_has_heard",
        groups::asked_by_who_has_heard,
    ),
    ("groups::stopped_in_a_restart", groups::stopped_in_a_restart),
    ("groups::killed_in_a_restart", groups::killed_in_a_restart),
    ("groups::asked_in_a_restart", groups::asked_in_a_restart),
    ("groups::gives_up", groups::gives_up),
    ("groups::all_that_matter_end", groups::all_that_matter_end),
    ("tasks::told", tasks::told),
    ("tasks::told_twice", tasks::told_twice),
    ("tasks::ends_as_it_is_told", tasks::ends_as_it_is_told),
    (
        "tasks::restarted_until_it_is_told",
        tasks::restarted_until_it_is_told,
    ),
    ("tasks::killed_as_it_is_told", tasks::killed_as_it_is_told),
    (
        "tasks::dropped_as_it_is_woken",
        tasks::dropped_as_it_is_woken,
    ),
    ("tasks::killed_as_it_begins", tasks::killed_as_it_begins),
    (
        "registry::registered_as_it_dies",
        registry::registered_as_it_dies,
    ),
    ("registry::two_for_one_key", registry::two_for_one_key),
    ("timers::set_as_it_dies", timers::set_as_it_dies),
    (
        "timers::cancelled_as_it_sends",
        timers::cancelled_as_it_sends,
    ),
    ("timers::killed_as_it_sends", timers::killed_as_it_sends),
    ("cycles::of_two", cycles::of_two),
    ("cycles::of_two_queued", cycles::of_two_queued),
    ("cycles::of_three", cycles::of_three),
    ("cycles::of_two_apart", cycles::of_two_apart),
    ("cycles::of_three_apart", cycles::of_three_apart),
    ("cycles::held", cycles::held),
    ("cycles::perhaps", cycles::perhaps),
    ("cycles::none", cycles::none),
    ("cycles::killed", cycles::killed),
    (
        "beside::killed_as_its_task_is_done",
        beside::killed_as_its_task_is_done,
    ),
    (
        "beside::killed_while_its_task_waits",
        beside::killed_while_its_task_waits,
    ),
    (
        "beside::stopped_as_its_task_is_done",
        beside::stopped_as_its_task_is_done,
    ),
    (
        "beside::stopped_while_its_task_waits",
        beside::stopped_while_its_task_waits,
    ),
    ("beside::killed_as_it_blocks", beside::killed_as_it_blocks),
    ("beside::stopped_as_it_blocks", beside::stopped_as_it_blocks),
    ("beside::blocked_by_two", beside::blocked_by_two),
    (
        "streams::ready_as_it_is_polled",
        streams::ready_as_it_is_polled,
    ),
    (
        "streams::ready_as_its_server_dies",
        streams::ready_as_its_server_dies,
    ),
    (
        "streams::ready_as_its_server_is_suspended",
        streams::ready_as_its_server_is_suspended,
    ),
    (
        "streams::detached_as_it_is_polled",
        streams::detached_as_it_is_polled,
    ),
];

#[test]
fn every_scenario_holds_under_every_schedule_tried() {
    let only = std::env::var("SUPTREE_RACES_ONLY").ok();
    for (name, scenario) in SCENARIOS {
        if only.as_deref().is_none_or(|only| name.contains(only)) {
            harness::explore(name, *scenario);
        }
    }
}

/// A schedule that was printed has to show the same again.
#[test]
fn schedules_replay() {
    for (_, scenario) in SCENARIOS {
        harness::replays(*scenario);
    }
}
