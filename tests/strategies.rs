//! `one_for_all` and `rest_for_one`: who is stopped, who is started, in which order, and what a group restart costs.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use suptree::{ChildState, ExitReason, Pid, Restart, Strategy};

use crate::support::{
    Act, Log, Probe, Script, Server, Sup, Traps, act, child, ms, oops, place, settle, spec_of,
};

/// A supervisor of the children a, b, c, .., which trap exits and so log what they are stopped with.
struct Group<const N: usize> {
    sup: Sup,
    children: [Server<Traps>; N],
    log: Log,
}

const IDS: [&str; 5] = ["a", "b", "c", "d", "e"];

fn unchanged(_: &'static str, script: Script<Traps>) -> Script<Traps> {
    script
}

impl<const N: usize> Group<N> {
    async fn start(strategy: Strategy, max_restarts: u32, restart: [Restart; N]) -> Self {
        Self::changed(strategy, max_restarts, restart, unchanged).await
    }

    async fn changed(
        strategy: Strategy,
        max_restarts: u32,
        restart: [Restart; N],
        change: impl Fn(&'static str, Script<Traps>) -> Script<Traps> + Send + Sync + 'static,
    ) -> Self {
        let log = Log::new();
        let children: [Server<Traps>; N] = std::array::from_fn(|_| place());
        let (handles, made) = (children.clone(), log.clone());
        let sup = Sup::start_as(strategy, move |mut spec| {
            spec = spec.max_restarts(max_restarts);
            for (at, handle) in handles.iter().enumerate() {
                let script = change(IDS[at], Script::new(IDS[at], &made));
                spec = spec.child(child(handle, &script).restart(restart[at]));
            }
            spec
        })
        .await
        .unwrap();
        log.take();
        Self { sup, children, log }
    }

    fn pids(&self) -> [Option<Pid>; N] {
        std::array::from_fn(|at| self.children[at].pid())
    }

    /// Ends a child, and tells what comes of it: `-d` for a child that was stopped, `+d` for one that was started.
    async fn kill(&self, at: usize) -> Vec<String> {
        self.children[at].kill();
        self.come_of_it().await
    }

    async fn come_of_it(&self) -> Vec<String> {
        // Answered when the restart is done.
        let _ended = self.sup.count_children().await;
        settle().await;
        steps(&self.log.take())
    }

    async fn states(&self) -> Vec<String> {
        let children = self.sup.which_children().await.unwrap();
        let state = |child: &suptree::ChildInfo| {
            let id = child.id.as_ref().unwrap();
            match child.state {
                ChildState::Running(_) => id.to_string(),
                ChildState::Restarting => format!("{id} restarting"),
                ChildState::Stopped => format!("{id} stopped"),
            }
        };
        children.iter().map(state).collect()
    }
}

fn steps(log: &[String]) -> Vec<String> {
    let step = |line: &String| match line.split_once(' ') {
        Some((id, "init")) => Some(format!("+{id}")),
        Some((id, "terminate shutdown")) => Some(format!("-{id}")),
        Some((id, "fails")) => Some(format!("!{id}")),
        Some((_, "drop")) => None,
        _ => Some(line.clone()),
    };
    log.iter().filter_map(step).collect()
}

/// A child that ends as expected, by itself.
fn done() -> Act<Traps> {
    act(|_, cx| cx.stop(ExitReason::Normal))
}

use Restart::{Permanent, Temporary, Transient};

#[tokio::test(start_paused = true)]
async fn sup_29_one_for_all_stops_the_others_and_starts_all() {
    let group = Group::start(Strategy::OneForAll, 3, [Permanent; 4]).await;
    let before = group.pids();
    assert_eq!(
        group.kill(1).await,
        ["-d", "-c", "-a", "+a", "+b", "+c", "+d"]
    );
    let after = group.pids();
    assert!(
        before
            .iter()
            .zip(&after)
            .all(|(old, new)| old != new && new.is_some())
    );
    // Whichever it is, and however it ends.
    group.children[0]
        .cast(act(|_, _| panic!("boom")))
        .await
        .unwrap();
    assert_eq!(
        group.come_of_it().await[1..],
        ["-d", "-c", "-b", "+a", "+b", "+c", "+d"],
        "after the report of the panic"
    );
    group.children[3].cast(done()).await.unwrap();
    assert_eq!(
        group.come_of_it().await,
        [
            "d terminate normal",
            "-c",
            "-b",
            "-a",
            "+a",
            "+b",
            "+c",
            "+d"
        ]
    );
    assert_eq!(group.states().await, ["a", "b", "c", "d"]);
}

#[tokio::test(start_paused = true)]
async fn sup_30_rest_for_one_stops_and_starts_those_behind() {
    let group = Group::start(Strategy::RestForOne, 3, [Permanent; 4]).await;
    let before = group.pids();
    assert_eq!(group.kill(1).await, ["-d", "-c", "+b", "+c", "+d"]);
    let after = group.pids();
    assert_eq!(before[0], after[0], "a is not touched");
    assert!((1..4).all(|at| before[at] != after[at] && after[at].is_some()));
}

#[tokio::test(start_paused = true)]
async fn sup_31_rest_for_one_takes_all_along_or_none() {
    let group = Group::start(Strategy::RestForOne, 3, [Permanent; 3]).await;
    assert_eq!(group.kill(0).await, ["-c", "-b", "+a", "+b", "+c"]);
    let before = group.pids();
    assert_eq!(group.kill(2).await, ["+c"]);
    assert_eq!(before[..2], group.pids()[..2]);
}

/// Those that were stopped by request come back, too.
#[tokio::test(start_paused = true)]
async fn sup_35_a_group_restart_revives_those_that_were_done() {
    for (strategy, first) in [(Strategy::OneForAll, "+a"), (Strategy::RestForOne, "+b")] {
        let group = Group::start(strategy, 3, [Permanent, Permanent, Transient, Permanent]).await;
        group.children[2].stop().await.unwrap();
        group.sup.terminate_child("d").await.unwrap();
        assert_eq!(group.states().await, ["a", "b", "c stopped", "d stopped"]);
        group.log.take();
        let steps = group.kill(1).await;
        let started: Vec<_> = steps.iter().filter(|step| step.starts_with('+')).collect();
        assert_eq!(started[0], first);
        assert_eq!(started[started.len() - 3..], ["+b", "+c", "+d"]);
        assert_eq!(group.states().await, ["a", "b", "c", "d"]);
    }
}

/// A child that is not restarted takes nobody along.
#[tokio::test(start_paused = true)]
async fn an_end_that_restarts_nobody_touches_no_sibling() {
    for strategy in [Strategy::OneForAll, Strategy::RestForOne] {
        let group = Group::start(strategy, 0, [Transient, Temporary, Permanent]).await;
        let before = group.pids();
        group.children[0].cast(done()).await.unwrap();
        assert_eq!(group.come_of_it().await, ["a terminate normal"]);
        group.children[1]
            .cast(act(|_, cx| cx.stop(oops("boom"))))
            .await
            .unwrap();
        assert_eq!(
            group.come_of_it().await,
            ["b terminate an error was returned: boom"]
        );
        assert_eq!(before[2], group.pids()[2]);
        assert_eq!(group.states().await, ["a stopped", "c"]);
    }
}

#[tokio::test(start_paused = true)]
async fn sup_36_a_group_restart_forgets_temporary_siblings() {
    for strategy in [Strategy::OneForAll, Strategy::RestForOne] {
        let group = Group::start(strategy, 3, [Permanent, Temporary, Permanent]).await;
        assert_eq!(group.kill(0).await, ["-c", "-b", "+a", "+c"]);
        assert_eq!(group.states().await, ["a", "c"]);
        assert!(group.sup.is_alive());
        // Its id is free.
        group
            .sup
            .start_child(spec_of(&group.log, "b"))
            .await
            .unwrap();
        assert_eq!(group.states().await, ["a", "c", "b"]);
    }
}

#[tokio::test(start_paused = true)]
async fn sup_37_a_group_restart_counts_once() {
    for strategy in [Strategy::OneForAll, Strategy::RestForOne] {
        let group = Group::start(strategy, 1, [Permanent; 5]).await;
        group.kill(0).await;
        assert_eq!(group.states().await, ["a", "b", "c", "d", "e"]);
        assert_eq!(group.sup.info().unwrap().restarts, 1);
        let down = group.sup.monitor();
        assert_eq!(group.kill(4).await, ["-d", "-c", "-b", "-a"]);
        assert_eq!(down.await.reason, ExitReason::Shutdown);
    }
}

/// Its `init` fails while `fails` is above zero.
fn failing_init(
    id: &'static str,
    fails: &Arc<AtomicUsize>,
) -> impl Fn(&'static str, Script<Traps>) -> Script<Traps> + Send + Sync + use<> {
    let fails = Arc::clone(fails);
    move |this, script| {
        if this != id {
            return script;
        }
        let fails = Arc::clone(&fails);
        script.on_init(move |probe: &mut Probe<Traps>, _| {
            let fails = Arc::clone(&fails);
            Box::pin(async move {
                tokio::time::sleep(ms(100)).await;
                let left = fails.load(Ordering::Relaxed);
                if left == 0 {
                    return Ok(());
                }
                fails.store(left - 1, Ordering::Relaxed);
                probe.log(format!("{} fails", probe.id()));
                Err(oops("not yet"))
            })
        })
    }
}

/// The next attempt goes on where the last one failed, and each counts.
#[tokio::test(start_paused = true)]
async fn sup_30_sup_22_rest_for_one_goes_on_from_the_child_that_failed() {
    let fails = Arc::default();
    let change = failing_init("c", &fails);
    let group = Group::changed(Strategy::RestForOne, 3, [Permanent; 4], change).await;
    fails.store(2, Ordering::Relaxed);
    group.children[1].kill();
    group.log.until("d init", 1).await;
    let expected = ["-d", "-c", "+b", "+c", "!c", "+c", "!c", "+c", "+d"];
    assert_eq!(group.come_of_it().await, expected);
    assert_eq!(group.sup.info().unwrap().restarts, 3);
    // The budget is used up.
    let down = group.sup.monitor();
    assert_eq!(group.kill(3).await, ["-c", "-b", "-a"]);
    assert_eq!(down.await.reason, ExitReason::Shutdown);
}

#[tokio::test(start_paused = true)]
async fn sup_29_sup_22_one_for_all_starts_over() {
    let fails = Arc::default();
    let change = failing_init("c", &fails);
    let group = Group::changed(Strategy::OneForAll, 2, [Permanent; 4], change).await;
    fails.store(1, Ordering::Relaxed);
    group.children[3].kill();
    group.log.until("d init", 1).await;
    let expected = [
        "-c", "-b", "-a", "+a", "+b", "+c", "!c", "-b", "-a", "+a", "+b", "+c", "+d",
    ];
    assert_eq!(group.come_of_it().await, expected);
    assert_eq!(group.sup.info().unwrap().restarts, 2);
}

/// It never comes up: as many attempts as the budget has, then those that run are stopped.
#[tokio::test(start_paused = true)]
async fn sup_22_a_group_whose_child_never_comes_up_ends_its_supervisor() {
    let table = [
        (
            Strategy::RestForOne,
            &["-c", "+b", "!b", "+b", "!b", "-a"][..],
        ),
        (
            Strategy::OneForAll,
            &["-c", "-a", "+a", "+b", "!b", "-a", "+a", "+b", "!b", "-a"],
        ),
    ];
    for (strategy, expected) in table {
        let fails = Arc::default();
        let change = failing_init("b", &fails);
        let group = Group::changed(strategy, 2, [Permanent; 3], change).await;
        fails.store(usize::MAX, Ordering::Relaxed);
        let down = group.sup.monitor();
        group.children[1].kill();
        assert_eq!(down.await.reason, ExitReason::Shutdown);
        assert_eq!(group.come_of_it().await, expected);
    }
}

/// What is asked meanwhile is answered between two attempts: those behind the child that fails are not there yet.
#[tokio::test(start_paused = true)]
async fn sup_24_sup_27_a_group_that_is_being_restarted_answers() {
    let table = [
        (
            Strategy::RestForOne,
            ["a", "b", "c restarting", "d stopped"],
        ),
        (Strategy::OneForAll, ["a", "b", "c restarting", "d stopped"]),
    ];
    for (strategy, expected) in table {
        let fails = Arc::default();
        let change = failing_init("c", &fails);
        let group = Group::changed(strategy, u32::MAX, [Permanent; 4], change).await;
        fails.store(usize::MAX, Ordering::Relaxed);
        group.children[2].kill();
        for _ in 0..3 {
            assert_eq!(group.states().await, expected, "{strategy:?}");
        }
        let counts = group.sup.count_children().await.unwrap();
        assert_eq!((counts.specs, counts.active), (4, 2));
        // A stop by request ends the attempts; those behind it stay as they are.
        group.sup.terminate_child("c").await.unwrap();
        settle().await;
        group.log.take();
        tokio::time::sleep(ms(10_000)).await;
        assert_eq!(group.log.take(), [""; 0]);
        assert_eq!(group.states().await, ["a", "b", "c stopped", "d stopped"]);
        // The next restart revives them.
        fails.store(0, Ordering::Relaxed);
        group.children[1].kill();
        group.log.until("d init", 1).await;
        assert_eq!(group.states().await, ["a", "b", "c", "d"]);
        group.sup.stop().await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn sup_26_a_shutdown_gets_between_the_attempts_of_a_group() {
    for strategy in [Strategy::OneForAll, Strategy::RestForOne] {
        let fails = Arc::default();
        let change = failing_init("b", &fails);
        let group = Group::changed(strategy, u32::MAX, [Permanent; 3], change).await;
        fails.store(usize::MAX, Ordering::Relaxed);
        group.children[1].kill();
        tokio::time::sleep(ms(550)).await;
        group.log.take();
        let began = tokio::time::Instant::now();
        group.sup.stop().await.unwrap();
        assert!(began.elapsed() <= ms(100), "{:?}", began.elapsed());
        assert_eq!(steps(&group.log.with("terminate")), ["-a"]);
    }
}

/// Two that end while the supervisor is busy: a group takes the second one along.
#[tokio::test(start_paused = true)]
async fn simultaneous_deaths_cost_a_group_one_restart() {
    // Earlier first, later first: `rest_for_one` takes along only those behind.
    let table = [
        (Strategy::OneForAll, [0, 2], 1),
        (Strategy::OneForAll, [2, 0], 1),
        (Strategy::RestForOne, [0, 2], 1),
        (Strategy::RestForOne, [2, 0], 2),
        (Strategy::OneForOne, [0, 2], 2),
    ];
    for (strategy, deaths, cost) in table {
        let log = Log::new();
        let group = Group::start(strategy, 3, [Permanent; 3]).await;
        // It waits for a slow child, so that it hears of both at once.
        let slow = child(
            &place(),
            &Script::<Traps>::new("slow", &log).init_sleeps(ms(100)),
        );
        let starting = tokio::spawn(group.sup.start_child(slow));
        log.until("slow init", 1).await;
        for at in deaths {
            group.children[at].kill();
        }
        starting.await.unwrap().unwrap();
        group.come_of_it().await;
        let restarts = group.sup.info().unwrap().restarts;
        assert_eq!(restarts, cost, "{strategy:?} {deaths:?}");
        assert!(group.pids().iter().all(Option::is_some));
        group.sup.stop().await.unwrap();
    }
}

/// A child that takes long to stop holds the group up, and one that does not end in time is killed.
#[tokio::test(start_paused = true)]
async fn sup_47_a_group_restart_keeps_to_the_shutdown_of_each_child() {
    let log = Log::new();
    let handles: [Server<Traps>; 3] = std::array::from_fn(|_| place());
    let (out, made) = (handles.clone(), log.clone());
    let sup = Sup::start_as(Strategy::OneForAll, move |spec| {
        let a = Script::<Traps>::new("a", &made);
        let b = Script::<Traps>::new("b", &made).terminate_sleeps(ms(300));
        let c = Script::<Traps>::new("c", &made).terminate_sleeps(ms(3_000));
        let limit = suptree::Shutdown::Timeout(ms(1_000));
        spec.child(child(&handles[0], &a))
            .child(child(&handles[1], &b))
            .child(child(&handles[2], &c).shutdown(limit))
    })
    .await
    .unwrap();
    log.take();
    let ends = out[2].monitor();
    let began = tokio::time::Instant::now();
    out[0].kill();
    sup.count_children().await.unwrap();
    assert_eq!(began.elapsed(), ms(1_300));
    assert_eq!(ends.await.reason, ExitReason::Killed);
    let inits = ["a init", "b init", "c init"];
    assert_eq!(log.with("init"), inits);
    assert!(out.iter().all(|server| server.is_alive()));
}

/// A supervisor stands in a group as any child does.
#[tokio::test(start_paused = true)]
async fn nested_supervisors_are_restarted_with_their_group() {
    use suptree::Child as _;
    let log = Log::new();
    let (first, last) = (place::<Traps>(), place::<Traps>());
    let inner = Sup::vacant();
    let (out, below) = (first.clone(), last.clone());
    let (nested, made) = (inner.clone(), log.clone());
    let sup = Sup::start_as(Strategy::RestForOne, move |spec| {
        let (below, script) = (below.clone(), Script::new("inner", &made));
        let make = crate::support::supervise(move |spec| spec.child(child(&below, &script)));
        spec.child(child(&first, &Script::new("first", &made)))
            .child(Sup::child_spec(&nested, "nested", make))
    })
    .await
    .unwrap();
    log.take();
    let before = (inner.pid(), last.pid());
    out.kill();
    sup.count_children().await.unwrap();
    assert_eq!(steps(&log.take()), ["-inner", "+first", "+inner"]);
    assert!(inner.pid().is_some() && inner.pid() != before.0);
    assert!(last.pid().is_some() && last.pid() != before.1);
}
