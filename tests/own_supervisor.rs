//! A child and its own supervisor wait for one another: what each is told, and that neither waits for ever (D41, D49).

use std::time::Duration;

use suptree::{
    CallError, Child, ChildSpec, DeleteChildError, ExitReason, GetChildSpecError, Restart,
    RestartChildError, Shutdown, StartChildError, StartError, Strategy, SupervisorRef,
    SupervisorSpec, TaskRef, TerminateChildError,
};
use tokio::time::Instant;

use crate::support::{
    Boxed, Cx, Dyn, Kind, Log, NamedSup, Probe, Script, Server, Sup, TrapAndTerminate, Traps,
    act_async, child, does_async, ms, oops, place, settle, spec_of, start, supervise,
};

fn sup() -> SupervisorRef {
    SupervisorRef::named("sup".into())
}

/// Asks the supervisor for something, and notes what it is told.
async fn asks(who: &'static str, log: &Log) {
    match sup().count_children().await {
        Ok(counts) => log.push(format!("{who}: {}", counts.specs)),
        Err(error) => log.push(format!("{who}: {error:?}")),
    }
}

/// How long the `init` of "a" waits for the other server.
const LIMIT: Duration = Duration::from_secs(5);

/// A child whose `init` calls a server that asks its supervisor.
fn through<K: Kind>(
    other: &Server<K>,
    log: &Log,
    limited: bool,
    when: impl Fn(usize) -> bool + Send + Sync + 'static,
) -> Script<Traps> {
    let (other, made) = (other.clone(), log.clone());
    Script::new("a", log).on_init(move |probe, _| {
        let (other, log) = (other.clone(), made.clone());
        let asks_now = when(probe.log_count("a init"));
        Box::pin(async move {
            if !asks_now {
                return Ok(());
            }
            let asked = log.clone();
            let call = other.call(does_async(
                move |_: &mut Probe<K>, _: &mut Cx<K>| -> Boxed<'_, ()> {
                    Box::pin(async move { asks("other", &asked).await })
                },
            ));
            let told = if limited {
                call.await
            } else {
                call.no_timeout().await
            };
            log.push(format!("a: {told:?}"));
            told.map_err(Into::into)
        })
    })
}

#[track_caller]
fn timed_out(error: &StartError) {
    let told = error.downcast_ref::<CallError>();
    assert_eq!(told, Some(&CallError::Timeout(LIMIT)), "{error:?}");
}

/// The call has a limit, and what it is for has not: `init` is told first, and the supervisor answers the other then.
#[tokio::test(start_paused = true)]
async fn r181_an_init_that_asks_through_another_server_waits_for_the_timeout_of_its_call() {
    let log = Log::new();
    let other = start::<Traps>("other", &log).await;
    let sup = NamedSup::start(|spec| spec).await.unwrap();
    let script = through(&other, &log, true, |_| true);
    let began = Instant::now();
    let refused = sup.start_child(child(&place(), &script)).keep_args().await;
    let refused = refused.unwrap_err();
    let StartChildError::Start(error) = &*refused else {
        panic!("{refused:?}");
    };
    timed_out(error);
    assert!(began.elapsed().abs_diff(LIMIT) <= ms(10));
    // It is forgotten, as any that fails; everybody else goes on.
    log.until("other: 0", 1).await;
    assert!(other.is_alive());
    assert!(sup.start_child(refused.into_args().unwrap()).await.is_err());
    log.until("other: 0", 2).await;
    assert_eq!(sup.count_children().await.unwrap().specs, 0);
}

/// What the others are told when it is the first start, which ends the supervisor.
#[tokio::test(start_paused = true)]
async fn r181_such_an_init_fails_the_start_of_its_supervisor() {
    let log = Log::new();
    let other = start::<Traps>("other", &log).await;
    let script = through(&other, &log, true, |_| true);
    let started = NamedSup::start(move |spec| spec.child(child(&place(), &script))).await;
    let Err(StartError::Child { error, .. }) = started else {
        panic!("{started:?}");
    };
    timed_out(&error);
    settle().await;
    let told = log.with("other: ");
    assert!(
        told.len() == 1 && told[0].contains("failed to start child a"),
        "{told:?}"
    );
    assert!(other.is_alive());
    assert_eq!(suptree::whereis("sup"), None);
}

/// At a restart it is an attempt that fails; others get in between.
#[tokio::test(start_paused = true)]
async fn r181_such_an_init_is_tried_again_at_a_restart() {
    let log = Log::new();
    let other = start::<Traps>("other", &log).await;
    let script = through(&other, &log, true, |times| matches!(times, 2 | 3));
    let (handle, server) = {
        let handle = place();
        (handle.clone(), handle)
    };
    let sup = NamedSup::start(move |spec| spec.child(child(&handle, &script)))
        .await
        .unwrap();
    server.kill();
    log.until("a init", 4).await;
    assert_eq!(sup.count_children().await.unwrap().active, 1);
    assert_eq!(log.count("a: Err(Timeout(5s))"), 2);
    log.until("other: 1", 2).await;
    assert_eq!(sup.info().unwrap().restarts, 3);
}

/// Without a limit it lasts, as in OTP, until somebody ends the supervisor: that interrupts the start, and all are told.
#[tokio::test(start_paused = true)]
async fn r181_a_circle_without_limit_is_ended_by_a_stop_or_a_kill() {
    for kill in [false, true] {
        let log = Log::new();
        let other = start::<Traps>("other", &log).await;
        let sup = NamedSup::start(|spec| spec).await.unwrap();
        let script = through(&other, &log, false, |_| true);
        let starting = tokio::spawn(sup.start_child(child(&place(), &script)));
        tokio::time::sleep(Duration::from_secs(3_600)).await;
        assert_eq!(log.all(), ["other init", "a init"]);
        let began = Instant::now();
        let (told, other_is_told) = if kill {
            let end = sup.monitor();
            sup.kill();
            assert_eq!(end.await.reason, ExitReason::Killed);
            let call = CallError::Exited(ExitReason::Killed);
            (StartChildError::Call(call), "other: Exited(Killed)")
        } else {
            sup.stop().await.unwrap();
            let init = StartError::Init(ExitReason::Shutdown);
            // Its turn comes before the stop's.
            (StartChildError::Start(init), "other: 0")
        };
        assert_eq!(starting.await.unwrap(), Err(told));
        assert!(began.elapsed() <= ms(1_001), "{:?}", began.elapsed());
        log.until(other_is_told, 1).await;
        assert_eq!(log.with("a: "), [""; 0], "its init does not go on");
        assert!(other.is_alive());
    }
}

/// The supervisor "sup", below another one, whose exit comes before every request.
async fn below(
    make: impl Fn(SupervisorSpec) -> SupervisorSpec + Send + Sync + Clone + 'static,
) -> Sup {
    Sup::start(move |spec| {
        let sup = supervise(make.clone());
        spec.child(NamedSup::child_spec(&NamedSup::vacant(), "sup", sup))
    })
    .await
    .unwrap()
}

/// The other server is a child of the same supervisor, and has no limit: its supervisor would wait for it, and it for its supervisor.
#[tokio::test(start_paused = true)]
async fn r181_r182_a_circle_through_a_sibling_without_limit() {
    let log = Log::new();
    let other = place::<TrapAndTerminate>();
    let (handle, script) = (other.clone(), Script::new("other", &log));
    let above =
        below(move |spec| spec.child(child(&handle, &script).shutdown(Shutdown::Infinity))).await;
    let script = through(&other, &log, false, |_| true);
    let starting = tokio::spawn(sup().start_child(child(&place(), &script)));
    tokio::time::sleep(Duration::from_secs(3_600)).await;
    let (down, began) = (other.monitor(), Instant::now());
    above.terminate_child("sup").await.unwrap();
    assert!(began.elapsed() <= ms(1_001), "{:?}", began.elapsed());
    assert_eq!(down.await.reason, ExitReason::Shutdown);
    assert_eq!(log.with("other: "), ["other: WouldDeadlock"]);
    let init = StartError::Init(ExitReason::Shutdown);
    assert_eq!(starting.await.unwrap(), Err(StartChildError::Start(init)));
}

/// Everything that a supervisor is asked for, but for an end.
async fn is_refused(sup: SupervisorRef, log: &Log) {
    let told = CallError::WouldDeadlock;
    assert_eq!(sup.which_children().await, Err(told.clone()));
    assert_eq!(sup.count_children().await, Err(told.clone()));
    let starting = sup.start_child(spec_of(log, "new")).keep_args().await;
    let refused = starting.unwrap_err();
    assert_eq!(refused, StartChildError::Call(told.clone()));
    assert!(refused.into_args().is_some());
    let call = RestartChildError::Call(told.clone());
    assert_eq!(sup.restart_child("b").await, Err(call));
    let call = DeleteChildError::Call(told.clone());
    assert_eq!(sup.delete_child("b").await, Err(call));
    let call = GetChildSpecError::Call(told);
    assert_eq!(sup.get_childspec("a").await, Err(call));
    log.push("refused");
}

/// A child that asks its supervisor for everything in its `terminate`.
fn asks_at_its_end(log: &Log, id: &'static str) -> Script<TrapAndTerminate> {
    Script::new(id, log).on_terminate(|probe, _, _| {
        Box::pin(async move {
            // Before and after it has waited for something.
            is_refused(sup(), &probe.script_log()).await;
            tokio::time::sleep(ms(20)).await;
            is_refused(sup(), &probe.script_log()).await;
        })
    })
}

/// How a child is stopped.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    ByRequest,
    WithItsSupervisor,
    WithItsGroup,
    BecauseItGivesUp,
    Killed,
}

/// D49: in OTP it waits until its time is over, and without a limit for ever.
#[tokio::test(start_paused = true)]
async fn r182_a_terminate_that_asks_its_supervisor_is_told_at_once() {
    for end in [
        End::ByRequest,
        End::WithItsSupervisor,
        End::WithItsGroup,
        End::BecauseItGivesUp,
        End::Killed,
    ] {
        for shutdown in [Shutdown::Infinity, Shutdown::Timeout(LIMIT)] {
            let log = Log::new();
            let handles = [place::<TrapAndTerminate>(), place()];
            let [a, b] = handles.clone();
            let scripts = [asks_at_its_end(&log, "a"), Script::new("b", &log)];
            let sup = NamedSup::start_as(Strategy::OneForAll, move |mut spec| {
                for (handle, script) in handles.iter().zip(&scripts) {
                    spec = spec.child(child(handle, script).shutdown(shutdown));
                }
                spec.max_restarts(u32::from(end != End::BecauseItGivesUp))
            })
            .await
            .unwrap();
            let (down, began) = (a.monitor(), Instant::now());
            match end {
                End::ByRequest => sup.terminate_child(&a).await.unwrap(),
                End::WithItsSupervisor => sup.stop().await.unwrap(),
                End::WithItsGroup => {
                    b.kill();
                    log.until("b init", 2).await;
                }
                End::BecauseItGivesUp => {
                    b.kill();
                    sup.monitor().await;
                }
                End::Killed => {
                    sup.kill();
                    sup.monitor().await;
                }
            }
            let why = format!("{end:?} {shutdown:?}");
            assert_eq!(began.elapsed(), ms(20), "{why}");
            let reason = if end == End::Killed {
                ExitReason::Killed
            } else {
                ExitReason::Shutdown
            };
            assert_eq!(down.await.reason, reason, "{why}");
            assert_eq!(log.count("refused"), 2, "{why}");
            assert_eq!(log.count("new init"), 0, "{why}");
            let _gone = sup.stop().await;
        }
    }
}

/// The one further up waits for the whole, or for nobody.
#[tokio::test(start_paused = true)]
async fn r182_a_grandchild_whose_terminate_asks_the_one_further_up() {
    let log = Log::new();
    let script = Script::<TrapAndTerminate>::new("a", &log)
        .on_terminate(|probe, _, _| Box::pin(async move { asks("a", &probe.script_log()).await }));
    let inner =
        supervise(move |spec| spec.child(child(&place(), &script).shutdown(Shutdown::Infinity)));
    let sup = NamedSup::start(move |spec| {
        spec.child(Sup::child_spec(&Sup::vacant(), "inner", inner.clone()))
    })
    .await
    .unwrap();
    let began = Instant::now();
    sup.terminate_child("inner").await.unwrap();
    assert_eq!(log.with("a: "), ["a: WouldDeadlock"]);
    sup.restart_child("inner").await.unwrap();
    let inner = sup.which_children().await.unwrap()[0].pid().unwrap();
    suptree::exit(inner, ExitReason::Kill);
    log.until("a: 1", 1).await;
    assert_eq!(began.elapsed(), Duration::ZERO);
    sup.stop().await.unwrap();
}

/// A handler that has asked before the end began: it is told when it does, if it has no limit.
#[tokio::test(start_paused = true)]
async fn r182_a_handler_that_waits_for_its_supervisor_when_that_stops_it() {
    for nested in [false, true] {
        let log = Log::new();
        let a = place::<TrapAndTerminate>();
        let (handle, script) = (a.clone(), Script::new("a", &log));
        let add = move |spec: SupervisorSpec| {
            spec.child(child(&handle, &script).shutdown(Shutdown::Infinity))
        };
        let above = below(move |spec| {
            if nested {
                let inner = Sup::child_spec(&Sup::vacant(), "inner", supervise(add.clone()));
                spec.child(inner)
            } else {
                add(spec)
            }
        })
        .await;
        // The supervisor is busy, so that nobody is answered.
        let slow = Script::<Traps>::new("slow", &log).init_sleeps(ms(100));
        let starting = tokio::spawn(sup().start_child(child(&place(), &slow)));
        log.until("slow init", 1).await;
        let (asked, down) = (log.clone(), a.monitor());
        let asks = act_async(move |_: &mut Probe<TrapAndTerminate>, _| {
            Box::pin(async move { asks("a", &asked).await })
        });
        a.cast(asks).await.unwrap();
        settle().await;
        let began = Instant::now();
        above.terminate_child("sup").await.unwrap();
        assert_eq!(down.await.reason, ExitReason::Shutdown);
        assert!(began.elapsed() <= ms(1_001));
        assert_eq!(log.with("a: "), ["a: WouldDeadlock"]);
        assert_eq!(log.count("a terminate shutdown"), 1);
        assert!(starting.await.unwrap().is_err());
    }
}

/// A task that is told to stop, and asks then.
#[tokio::test(start_paused = true)]
async fn r182_a_task_that_asks_when_it_is_told_to_stop() {
    for shutdown in [Shutdown::Infinity, Shutdown::Timeout(LIMIT)] {
        let log = Log::new();
        let made = log.clone();
        let task = TaskRef::vacant();
        let spec: ChildSpec = task.child_spec("task", move || {
            let log = made.clone();
            async move {
                let mut stopping = suptree::stopping();
                asks("task", &log).await;
                (&mut stopping).await;
                is_refused(sup(), &log).await;
            }
        });
        let sup = NamedSup::start(|spec| spec).await.unwrap();
        sup.start_child(spec.shutdown(shutdown)).await.unwrap();
        log.until("task: 1", 1).await;
        let (down, began) = (task.monitor(), Instant::now());
        sup.stop().await.unwrap();
        assert_eq!(began.elapsed(), Duration::ZERO);
        assert_eq!(down.await.reason, ExitReason::Shutdown);
        assert_eq!(log.count("refused"), 1);
    }
}

/// A dynamic child, and what only its supervisor is asked for.
#[tokio::test(start_paused = true)]
async fn r182_a_dynamic_child_that_asks_in_its_terminate() {
    let log = Log::new();
    let sup = Dyn::<TrapAndTerminate>::start().await;
    let asked = sup.clone();
    let script = Script::<TrapAndTerminate>::new("a", &log).on_terminate(move |probe, _, _| {
        let sup = asked.clone();
        Box::pin(async move {
            let told = CallError::WouldDeadlock;
            assert_eq!(sup.count_children().await, Err(told.clone()));
            assert_eq!(sup.children().await.unwrap_err(), told);
            let another = Script::<TrapAndTerminate>::new("b", &probe.script_log());
            let refused = sup.start_child(another).keep_args().await.unwrap_err();
            assert_eq!(refused, StartChildError::Call(told));
            assert_eq!(refused.into_args().unwrap().id, "b");
            probe.log("refused");
        })
    });
    let began = Instant::now();
    for times in [1, 2] {
        let a = sup
            .start_child(script.clone())
            .shutdown(Shutdown::Infinity)
            .await
            .unwrap();
        if times == 1 {
            sup.terminate_child(&a).await.unwrap();
        } else {
            sup.stop().await.unwrap();
        }
        assert_eq!(log.count("refused"), times);
    }
    assert_eq!(began.elapsed(), Duration::ZERO);
}

/// Everything is asked by one who is nobody's child, while the supervisor is busy.
async fn everything(sup: &Sup, log: &Log) -> [String; 7] {
    let (which, counts, started, stopped, restarted, deleted, told) = tokio::join!(
        sup.which_children(),
        sup.count_children(),
        sup.start_child(spec_of(log, "new").restart(Restart::Temporary)),
        sup.terminate_child("none"),
        sup.restart_child("c"),
        sup.delete_child("c"),
        sup.get_childspec("c"),
    );
    [
        format!("{:?}", which.map(|all| all.len())),
        format!("{:?}", counts.map(|counts| counts.active)),
        format!("{:?}", started.map(|_| "started")),
        format!("{stopped:?}"),
        format!("{restarted:?}"),
        format!("{deleted:?}"),
        format!("{:?}", told.map(|spec| spec.id.to_string())),
    ]
}

/// A group of three whose last one takes its time to end; the clock stands when it has begun to.
async fn busy(log: &Log, max_restarts: u32) -> (Sup, Server<TrapAndTerminate>) {
    let handles: [Server<TrapAndTerminate>; 3] = std::array::from_fn(|_| place());
    let a = handles[0].clone();
    let scripts = ["a", "b", "c"].map(|id| Script::new(id, log).terminate_sleeps(ms(100)));
    let sup = Sup::start_as(Strategy::OneForAll, move |mut spec| {
        for (handle, script) in handles.iter().zip(&scripts) {
            spec = spec.child(child(handle, script));
        }
        spec.max_restarts(max_restarts)
    })
    .await
    .unwrap();
    (sup, a)
}

#[tokio::test(start_paused = true)]
async fn r185_a_supervisor_is_asked_while_it_restarts_a_group() {
    let log = Log::new();
    let (sup, a) = busy(&log, 3).await;
    a.kill();
    log.until("c terminate shutdown", 1).await;
    let answers = everything(&sup, &log).await;
    let expected = [
        "Ok(3)",
        "Ok(3)",
        "Ok(\"started\")",
        "Err(NotFound)",
        "Err(Running)",
        "Err(Running)",
        "Ok(\"c\")",
    ];
    assert_eq!(answers, expected, "as it is when the group is back");
    assert_eq!(log.count("b init"), 2);
}

#[tokio::test(start_paused = true)]
async fn r185_a_supervisor_is_asked_while_it_stops_or_gives_up() {
    for gives_up in [false, true] {
        let log = Log::new();
        let (sup, a) = busy(&log, 0).await;
        let (end, stopped) = (sup.monitor(), sup.clone());
        let reason = if gives_up {
            a.kill();
            ExitReason::Shutdown
        } else {
            tokio::spawn(async move { stopped.stop_with(oops("enough")).await });
            oops("enough")
        };
        log.until("c terminate shutdown", 1).await;
        let answers = everything(&sup, &log).await;
        let exited = CallError::Exited(reason.clone());
        let call = format!("Err(Call({exited:?}))");
        let bare = format!("Err({exited:?})");
        let expected = [&bare, &bare, &call, &call, &call, &call, &call];
        assert_eq!(answers.each_ref(), expected);
        assert_eq!(end.await.reason, reason);
        assert_eq!(log.count("new init"), 0);
        // And when it is gone.
        let call = TerminateChildError::Call(CallError::NoProc);
        assert_eq!(sup.terminate_child(&a).await, Err(call));
    }
}
