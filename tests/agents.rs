//! Agents: what their closures may do, and how they begin and end.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;

use suptree::prelude::*;
use suptree::{Agent, AgentClient, AgentSpec, whereis};
use tokio::runtime::{Builder, Runtime};
use tokio::time::sleep;

use crate::support::bomb::Drops;
use crate::support::{Log, Reports, ms, panic_text, settle};

supervisor! {
    Counters(first: u64) {
        strategy: one_for_one,
        children: [
            Agent<u64>(move || first) as plain,
            Agent<u64>(AgentSpec::new(move || first + 1).name("named_counter")) as named,
        ],
    }
}

supervisor! { Agents { dynamic: Agent<String>, max_children: 2 } }

/// Reads, updates and casts take effect in the order in which they were sent, whether callers run them or the agent's own task.
#[tokio::test(start_paused = true)]
async fn ag_01_closures_run_in_the_order_they_were_sent() {
    let log = Agent::start_link(Vec::new).await.unwrap();
    let mut expected = Vec::new();
    for n in 0..100 {
        match n % 3 {
            0 => log.cast(move |log| log.push(n)).await.unwrap(),
            1 => log.update(move |log| log.push(n)).await.unwrap(),
            _ => {
                let len = log.get_and_update(move |log| {
                    log.push(n);
                    log.len()
                });
                assert_eq!(len.await, Ok(n + 1));
            }
        }
        expected.push(n);
        let seen = expected.clone();
        assert_eq!(log.get(move |log| *log == seen).await, Ok(true));
    }
    // Many at once: in the order of their first polls, which a `join!` makes.
    let (one, two, three) = tokio::join!(
        log.cast(|log| log.push(1_000)),
        log.get_and_update(|log| log.pop()),
        log.get(|log| log.len()),
    );
    assert_eq!((one, two, three), (Ok(()), Ok(Some(1_000)), Ok(100)));
}

/// The answer of a closure is of any type, and so are values: nothing has to be a pair.
#[tokio::test(start_paused = true)]
async fn ag_02_d73_a_read_and_update_gives_whatever_it_returns() {
    let ages = Agent::start_link(BTreeMap::new).await.unwrap();
    let before = ages.get_and_update(|ages| ages.insert("ana", 39));
    assert_eq!(before.await, Ok(None));
    let before = ages.get_and_update(|ages| ages.insert("ana", 40));
    assert_eq!(before.await, Ok(Some(39)));
    assert_eq!(ages.get_and_update(|_| ()).await, Ok(()));
    assert_eq!(ages.get(|ages| ages["ana"]).await, Ok(40));
}

/// In place: the caller hears of the panic, and nothing of the agent is left.
#[tokio::test(start_paused = true)]
async fn ag_03_a_closure_that_panics_ends_the_agent() {
    let reports = Reports::capture();
    let drops = Drops::default();
    let held = drops.token();
    let agent = Agent::start(move || held).await.unwrap();
    let end = agent.monitor();
    let failed = agent.get(|_| -> u64 { panic!("no") }).await;
    let Err(CallError::Exited(reason)) = failed else {
        panic!("{failed:?}")
    };
    assert_eq!(panic_text(&reason), "no");
    assert_eq!(end.await.reason, reason);
    assert_eq!(drops.count(), 1);
    assert_eq!(agent.get(|_| 1).await, Err(CallError::NoProc));
    assert_eq!(reports.errors().len(), 1);
}

/// In the queue of an agent on another runtime: those behind it hear of it, too.
#[test]
fn ag_03_a_closure_that_panics_in_the_queue_ends_the_agent() {
    let agents = a_runtime();
    let agent = agents.block_on(async { Agent::start(|| 0_u64).await.unwrap() });
    let (open, opened) = mpsc::channel::<()>();
    a_caller().block_on(async {
        let (first, failed, behind, ()) = tokio::join!(
            agent.update(move |_| opened.recv().unwrap()).no_timeout(),
            agent.get(|_| -> u64 { panic!("no") }).no_timeout(),
            agent.get(|value| *value).no_timeout(),
            async { open.send(()).unwrap() },
        );
        assert_eq!(first, Ok(()));
        let Err(CallError::Exited(reason)) = failed else {
            panic!("{failed:?}")
        };
        assert_eq!(panic_text(&reason), "no");
        assert_eq!(behind, Err(CallError::Exited(reason)));
    });
}

/// With one thread, on which closures may block.
fn a_runtime() -> Runtime {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(1).enable_time().build().unwrap()
}

fn a_caller() -> Runtime {
    let mut builder = Builder::new_current_thread();
    builder.enable_time().start_paused(true).build().unwrap()
}

#[tokio::test(start_paused = true)]
async fn ag_03_a_cast_that_panics_ends_the_agent() {
    let agent = Agent::start(|| 0_u64).await.unwrap();
    let end = agent.monitor();
    agent.cast(|_| panic!("no")).await.unwrap();
    assert_eq!(panic_text(&end.await.reason), "no");
}

#[tokio::test(start_paused = true)]
async fn ag_04_an_agent_whose_first_value_panics_does_not_start() {
    fn no() -> u64 {
        panic!("no value")
    }
    let error = AgentSpec::new(no).name("unborn").start().await.unwrap_err();
    let StartError::Init(reason) = error else {
        panic!("{error:?}")
    };
    assert_eq!(panic_text(&reason), "no value");
    assert_eq!(whereis("unborn"), None);
    let error = Agent::start_link(no).await.unwrap_err();
    assert!(matches!(error, StartError::Init(_)), "{error:?}");
    assert!(suptree::processes().is_empty());
}

/// The agent lives on a runtime of its own, whose thread the closure blocks; the caller's clock goes on.
#[test]
fn ag_05_a_slow_read_times_out_and_is_carried_out_all_the_same() {
    let agents = a_runtime();
    let agent = agents.block_on(async { Agent::start(|| 0_u64).await.unwrap() });
    let (open, opened) = mpsc::channel::<()>();
    a_caller().block_on(async {
        let slow = agent.get_and_update(move |value| {
            opened.recv().unwrap();
            *value = 7;
        });
        let late = slow.timeout(ms(10)).await;
        assert_eq!(late, Err(CallError::Timeout(ms(10))));
        open.send(()).unwrap();
        // Behind it in the queue.
        assert_eq!(agent.get(|value| *value).no_timeout().await, Ok(7));
    });
}

#[tokio::test(start_paused = true)]
async fn ag_06_a_supervised_agent_begins_again_with_its_first_value() {
    let app = Counters::start_link(7).await.unwrap();
    let spec = Agent::child_spec(|| 0_u64);
    assert_eq!(spec.id(), &"agent".into());
    assert_eq!(spec.restart_type(), Restart::Permanent);
    for (agent, first) in [(app.plain(), 7), (app.named(), 8)] {
        for _ in 0..2 {
            agent.update(|value| *value = 99).await.unwrap();
            assert_eq!(agent.get(|value| *value).await, Ok(99));
            agent.kill();
            app.which_children().await.unwrap();
            assert_eq!(agent.get(|value| *value).await, Ok(first));
            // The restarts so far count no more.
            sleep(ms(6_000)).await;
        }
    }
    assert_eq!(
        Agent::<u64>::named("named_counter").pid(),
        app.named().pid()
    );
}

/// Agents as children of a dynamic supervisor are started with what makes their values.
#[tokio::test(start_paused = true)]
async fn ag_06_agents_on_demand_begin_again() {
    let agents = Agents::start_link().await.unwrap();
    let starts = Arc::<AtomicU32>::default();
    let counted = Arc::clone(&starts);
    let first = move || format!("start {}", counted.fetch_add(1, Ordering::SeqCst));
    let agent: AgentClient<String> = agents.start_child(first).await.unwrap();
    assert_eq!(agent.get(String::clone).await.unwrap(), "start 0");
    agent.kill();
    agents.which_children().await.unwrap();
    assert_eq!(agent.get(String::clone).await.unwrap(), "start 1");
    agents.terminate_child(&agent).await.unwrap();
    assert!(!agent.is_alive());
}

/// A call or a cast that nobody got gives its closure back.
#[tokio::test(start_paused = true)]
async fn ag_01_a_closure_that_was_not_sent_comes_back() {
    let agent = Agent::start(|| 0_u64).await.unwrap();
    agent.stop().await.unwrap();
    let log = Log::new();
    let says = |what: &'static str| {
        let log = log.clone();
        move || log.push(what)
    };
    let (get, update, cast) = (says("get"), says("update"), says("cast"));
    let failed = agent.get(move |_| get()).keep_args().await.unwrap_err();
    failed.into_args().unwrap()(&0);
    let failed = agent.update(move |_| update()).keep_args().await;
    failed.unwrap_err().into_args().unwrap()(&mut 0);
    let failed = agent.cast(move |_| cast()).keep_args().await.unwrap_err();
    failed.into_args().unwrap()(&mut 0);
    assert_eq!(log.take(), ["get", "update", "cast"]);
}

/// What a closure holds is dropped with it, and so is the value.
#[tokio::test(start_paused = true)]
async fn ag_01_nothing_is_left_of_an_agent_that_stopped() {
    let (value, first) = (Drops::default(), Drops::default());
    let (held, kept) = (value.token(), first.token());
    let agent = Agent::start(move || (held, drop(kept))).await.unwrap();
    assert_eq!((value.count(), first.count()), (0, 1));
    agent.stop().await.unwrap();
    settle().await;
    assert_eq!((value.count(), first.count()), (1, 1));
}
