//! What other supervisors get wrong, a test each that we do not: defects that were reproduced in kameo 0.22, ractor-supervisor 0.2,
//! hydra 0.1, tokio-actors 0.11 and actix 0.13.
//!
//! | Defect | Of | Case |
//! |---|---|---|
//! | the successor starts while the old one still stops, and the name is lost for good | kameo | R160 |
//! | what is done by a reference from before a restart reaches the dead | kameo | R161 |
//! | a group restart waits for ever for a sibling that was done | kameo | R162 |
//! | groups restart in a random order, and while the old ones still stop | kameo | R163 |
//! | children that are never to be restarted come back with their group | kameo, hydra | R164 |
//! | restarts are counted, where OTP has a window | kameo | R165 |
//! | each child has a budget of its own | kameo | R166 |
//! | a child that is stuck in a handler keeps its supervisor from stopping | kameo | R167 |
//! | a start that failed gives a reference, or `Ok` | kameo, ractor-supervisor | R168 |
//! | group restarts and stops skip the children's hooks | ractor-supervisor | R169 |
//! | `terminate_child` answers before the child is gone, and is `Ok` for anybody | ractor-supervisor | R170 |
//! | a look-up by name gives a reference of the wrong type; what is sent by it fails, or crashes the holder | ractor, hydra | R171 |
//! | a killed transient child is not restarted | ractor-supervisor | R172 |
//! | the specification of a transient child that is done is lost | hydra | R173 |
//! | `all_significant` ends after the first of two, and not after the only one | hydra | R174 |
//! | a group stops in start order | hydra | R175 |
//! | a call from outside of a process panics | hydra | R176 |
//! | a child that asks for its own end stalls itself and its supervisor for seconds | tokio-actors | R177 |
//! | a panic under a supervisor ends the child for good | actix | R178 |

use std::time::Duration;

use suptree::prelude::*;
use suptree::{
    AutoShutdown, ChildState, StartChildError, Strategy, TerminateChildError, monitor, whereis,
};
use tokio::time::Instant;

use crate::support::{
    Graceful, Log, NamedSup, Plain, Probe, Queued, Script, Server, Sup, Traps, act, act_async,
    child, failing, get, ms, oops, panic_text, place, settle, spec_of,
};

const IDS: [&str; 5] = ["a", "b", "c", "d", "e"];

/// A supervisor of the children a, b, c, .., with two restarts more than they need.
async fn group<const N: usize>(
    strategy: Strategy,
    restart: [Restart; N],
    log: &Log,
) -> (Sup, [Server<Traps>; N]) {
    slow_group(strategy, restart, log, Duration::ZERO).await
}

/// As [`group`], of children that take their time to terminate.
async fn slow_group<const N: usize>(
    strategy: Strategy,
    restart: [Restart; N],
    log: &Log,
    terminates: Duration,
) -> (Sup, [Server<Traps>; N]) {
    let children: [Server<Traps>; N] = std::array::from_fn(|_| place());
    let (handles, made) = (children.clone(), log.clone());
    let sup = Sup::start_as(strategy, move |mut spec| {
        spec = spec.max_restarts(10);
        for (at, handle) in handles.iter().enumerate() {
            let script = Script::new(IDS[at], &made).terminate_sleeps(terminates);
            spec = spec.child(child(handle, &script).restart(restart[at]));
        }
        spec
    })
    .await
    .unwrap();
    log.take();
    (sup, children)
}

/// The supervisor has done all that waits.
async fn done(sup: &Sup) {
    settle().await;
    let _ended = sup.count_children().await;
}

fn starts(log: &[String]) -> Vec<&str> {
    let starts = log.iter().filter_map(|line| line.strip_suffix(" init"));
    starts.collect()
}

use Restart::{Permanent, Temporary, Transient};

#[tokio::test(start_paused = true)]
async fn r160_the_successor_starts_when_the_old_one_is_gone_and_has_its_name() {
    let (log, handle) = (Log::new(), place::<Plain>());
    let server = handle.clone();
    let script = Script::new("a", &log)
        .named("slow")
        .terminate_sleeps(ms(50));
    let sup = Sup::start(move |spec| spec.child(child(&handle, &script)))
        .await
        .unwrap();
    let first = server.pid();
    server
        .cast(act(|_, cx| cx.stop(oops("boom"))))
        .await
        .unwrap();
    log.until("a init", 2).await;
    done(&sup).await;
    let order = [
        "a init",
        "a terminate an error was returned: boom",
        "a terminated",
        "a drop",
        "a init",
    ];
    assert_eq!(log.all(), order);
    assert_ne!(server.pid(), first);
    assert_eq!(whereis("slow"), server.pid());
    assert_eq!(sup.count_children().await.unwrap().active, 1);
}

#[tokio::test(start_paused = true)]
async fn r161_a_reference_from_before_a_restart_reaches_the_successor() {
    let log = Log::new();
    let (sup, [a]) = group(Strategy::OneForOne, [Permanent], &log).await;
    let mut pids = vec![a.pid()];
    for times in 1..=3 {
        let down = a.monitor();
        a.kill();
        assert_eq!(down.await.reason, ExitReason::Killed, "kill {times}");
        done(&sup).await;
        assert_eq!(a.call(get()).await, Ok(0));
        assert!(!pids.contains(&a.pid()));
        pids.push(a.pid());
    }
    // And a pid is one incarnation's for ever.
    let first = pids[0].unwrap();
    assert_eq!(monitor(first).await.reason, ExitReason::NoProc);
    suptree::exit(first, ExitReason::Kill);
    settle().await;
    assert_eq!(a.pid(), pids[3]);
}

#[tokio::test(start_paused = true)]
async fn r162_a_group_restart_does_not_wait_for_a_sibling_that_was_done() {
    for strategy in [Strategy::OneForAll, Strategy::RestForOne] {
        let log = Log::new();
        let (sup, [a, b, c]) = group(strategy, [Permanent, Transient, Permanent], &log).await;
        b.stop().await.unwrap();
        done(&sup).await;
        log.take();
        a.kill();
        done(&sup).await;
        assert_eq!(starts(&log.take()), ["a", "b", "c"], "{strategy:?}");
        for child in [a, b, c] {
            assert_eq!(child.call(get()).await, Ok(0));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn r163_a_group_restarts_in_start_order_when_all_have_stopped() {
    let log = Log::new();
    let (sup, children) = slow_group(Strategy::OneForAll, [Permanent; 5], &log, ms(20)).await;
    for dies in &children {
        dies.kill();
        log.until("e init", 1).await;
        done(&sup).await;
        let log = log.take();
        let started = log.iter().position(|line| line.ends_with("init"));
        let started = started.expect("they are started again");
        let stops = |line: &String| line.ends_with("terminated") || line.ends_with("drop");
        assert_eq!(log[..started].iter().filter(|line| stops(line)).count(), 9);
        assert_eq!(starts(&log[started..]), IDS, "nothing is between them");
        assert_eq!(log.len(), started + 5);
    }
}

#[tokio::test(start_paused = true)]
async fn r164_a_temporary_child_does_not_come_back_with_its_group() {
    for strategy in [Strategy::OneForAll, Strategy::RestForOne] {
        let log = Log::new();
        let (sup, [a, b, _c]) = group(strategy, [Permanent, Temporary, Permanent], &log).await;
        a.kill();
        done(&sup).await;
        assert_eq!(starts(&log.take()), ["a", "c"], "{strategy:?}");
        assert!(!b.is_alive());
        assert_eq!(sup.count_children().await.unwrap().specs, 2);
    }
}

#[tokio::test(start_paused = true)]
async fn r165_restarts_that_are_never_too_many_at_a_time_are_no_reason_to_give_up() {
    let (log, handle) = (Log::new(), place::<Traps>());
    let (a, script) = (handle.clone(), Script::new("a", &log));
    let sup = Sup::start(move |spec| {
        spec.max_restarts(2)
            .max_seconds(1)
            .child(child(&handle, &script))
    })
    .await
    .unwrap();
    for _ in 0..20 {
        a.kill();
        done(&sup).await;
        tokio::time::sleep(ms(501)).await;
    }
    assert_eq!(a.call(get()).await, Ok(0));
    // And it is a window: three within one are too many.
    let down = sup.monitor();
    for _ in 0..2 {
        a.kill();
        done(&sup).await;
    }
    assert_eq!(down.await.reason, ExitReason::Shutdown);
}

#[tokio::test(start_paused = true)]
async fn r166_all_children_share_one_budget() {
    let (log, handles) = (Log::new(), [place::<Traps>(), place()]);
    let (children, made) = (handles.clone(), log.clone());
    let sup = Sup::start(move |spec| {
        let [a, b] = &handles;
        spec.max_restarts(2)
            .max_seconds(10)
            .child(child(a, &Script::new("a", &made)))
            .child(child(b, &Script::new("b", &made)))
    })
    .await
    .unwrap();
    let down = sup.monitor();
    for at in [0, 1] {
        children[at].kill();
        done(&sup).await;
        assert!(sup.is_alive());
    }
    children[0].kill();
    assert_eq!(down.await.reason, ExitReason::Shutdown);
    assert_eq!(log.count("a init") + log.count("b init"), 4);
}

#[tokio::test(start_paused = true)]
async fn r167_a_child_that_is_stuck_in_a_handler_holds_up_no_stop_and_no_kill() {
    for killed in [false, true] {
        let (log, handle) = (Log::new(), place::<Graceful>());
        let (stuck, script) = (handle.clone(), Script::new("a", &log));
        let sup = Sup::start(move |spec| spec.child(child(&handle, &script)))
            .await
            .unwrap();
        let waits = act_async(|probe, _| {
            Box::pin(async move {
                probe.log("stuck");
                std::future::pending::<()>().await;
            })
        });
        stuck.cast(waits).await.unwrap();
        log.until("stuck", 1).await;
        let (began, child, down) = (Instant::now(), stuck.monitor(), sup.monitor());
        if killed {
            sup.kill();
        } else {
            sup.stop().await.unwrap();
        }
        assert_eq!(child.await.reason, ExitReason::Killed);
        let ended = down.await.reason;
        assert_eq!(
            ended,
            if killed {
                ExitReason::Killed
            } else {
                ExitReason::Normal
            }
        );
        assert!(
            began.elapsed() <= Duration::from_secs(5),
            "its shutdown time"
        );
        assert!(!stuck.is_alive());
    }
}

#[tokio::test(start_paused = true)]
async fn r168_a_start_that_failed_is_an_error_wherever_it_is() {
    let log = Log::new();
    let failing = || Script::<Plain>::new("a", &Log::new()).init_fails(oops("no disk"));
    let error = suptree::start_link::<Probe<Plain>>(failing())
        .await
        .unwrap_err();
    assert_eq!(error, StartError::Init(oops("no disk")));
    // Of a supervisor's child, at its start and later.
    let before = log.clone();
    let error = Sup::start(move |spec| {
        spec.child(spec_of(&before, "before"))
            .child(child(&place(), &failing()))
    })
    .await
    .unwrap_err();
    let failed = StartError::Child {
        id: "a".into(),
        error: Box::new(StartError::Init(oops("no disk"))),
    };
    assert_eq!(error, failed);
    assert_eq!(log.count("before drop"), 1, "and nobody is left");
    let sup = Sup::start(|spec| spec).await.unwrap();
    let error = sup.start_child(child(&place(), &failing())).await;
    assert_eq!(
        error,
        Err(StartChildError::Start(StartError::Init(oops("no disk"))))
    );
    assert_eq!(sup.count_children().await.unwrap().specs, 0);
}

#[tokio::test(start_paused = true)]
async fn r169_children_terminate_in_order_when_their_group_or_supervisor_ends() {
    let log = Log::new();
    let (sup, [_a, b, _c]) = group(Strategy::OneForAll, [Permanent; 3], &log).await;
    b.kill();
    done(&sup).await;
    let terminated = |log: &Log| {
        let all = log.take();
        let lines = all
            .iter()
            .filter_map(|line| line.strip_suffix(" terminate shutdown"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(terminated(&log), ["c", "a"]);
    sup.stop().await.unwrap();
    assert_eq!(terminated(&log), ["c", "b", "a"]);
}

#[tokio::test(start_paused = true)]
async fn r170_terminate_child_answers_when_the_child_is_gone() {
    let (log, handle) = (Log::new(), place::<Graceful>());
    let (a, script) = (
        handle.clone(),
        Script::new("a", &log)
            .named("slow")
            .terminate_sleeps(ms(300)),
    );
    let sup = Sup::start(move |spec| spec.child(child(&handle, &script)))
        .await
        .unwrap();
    let began = Instant::now();
    sup.terminate_child("a").await.unwrap();
    assert_eq!(began.elapsed(), ms(300));
    assert!(!a.is_alive());
    assert_eq!(whereis("slow"), None);
    assert_eq!(log.all().last().unwrap(), "a drop");
    assert_eq!(
        sup.terminate_child("nobody").await,
        Err(TerminateChildError::NotFound)
    );
}

#[tokio::test(start_paused = true)]
async fn r171_a_reference_of_another_type_finds_nobody_and_harms_nobody() {
    let log = Log::new();
    let cache = suptree::start::<Probe<Plain>>(Script::new("cache", &log).named("cache"))
        .await
        .unwrap();
    let other = Server::<Queued>::named("cache".into());
    assert_eq!(other.call(get()).await, Err(CallError::NoProc));
    let sent = other.cast(failing(oops("not for this one"))).await;
    assert_eq!(sent, Err(CastError::NoProc));
    assert!(Server::<Queued>::whereis("cache").is_none());
    assert_eq!(cache.call(get()).await, Ok(0));
    // A supervisor's reference is one of these types, too.
    let supervisor = suptree::SupervisorRef::named("cache".into());
    assert_eq!(supervisor.which_children().await, Err(CallError::NoProc));
    let _named = NamedSup::start(|spec| spec).await.unwrap();
    assert!(Server::<Plain>::whereis("sup").is_none());
}

#[tokio::test(start_paused = true)]
async fn r172_a_killed_transient_child_is_restarted() {
    let log = Log::new();
    let (sup, [a]) = group(Strategy::OneForOne, [Transient], &log).await;
    a.kill();
    done(&sup).await;
    assert_eq!(a.call(get()).await, Ok(0));
}

#[tokio::test(start_paused = true)]
async fn r173_a_transient_child_that_is_done_keeps_its_specification() {
    let log = Log::new();
    let (sup, [a]) = group(Strategy::OneForOne, [Transient], &log).await;
    a.stop().await.unwrap();
    done(&sup).await;
    let children = sup.which_children().await.unwrap();
    assert_eq!(children[0].id, Some("a".into()));
    assert_eq!(children[0].state, ChildState::Stopped);
    assert_eq!(
        sup.start_child(spec_of(&log, "a")).await,
        Err(StartChildError::AlreadyPresent)
    );
    sup.restart_child("a").await.unwrap();
    assert_eq!(a.call(get()).await, Ok(0));
}

/// A supervisor whose children are transient, the first `significant` ones of them significant.
async fn significant<const N: usize>(significant: usize, log: &Log) -> (Sup, [Server<Traps>; N]) {
    let children: [Server<Traps>; N] = std::array::from_fn(|_| place());
    let (handles, made) = (children.clone(), log.clone());
    let sup = Sup::start(move |mut spec| {
        spec = spec.auto_shutdown(AutoShutdown::AllSignificant);
        for (at, handle) in handles.iter().enumerate() {
            let of = child(handle, &Script::new(IDS[at], &made));
            spec = spec.child(of.restart(Transient).significant(at < significant));
        }
        spec
    })
    .await
    .unwrap();
    (sup, children)
}

#[tokio::test(start_paused = true)]
async fn r174_all_significant_is_the_last_of_them_also_where_there_is_one() {
    let log = Log::new();
    let (sup, [a, b, _c]) = significant(2, &log).await;
    a.stop().await.unwrap();
    done(&sup).await;
    assert!(sup.is_alive(), "there is another one");
    let down = sup.monitor();
    b.stop().await.unwrap();
    assert_eq!(down.await.reason, ExitReason::Shutdown);

    let (sup, [a, _b]) = significant(1, &log).await;
    let down = sup.monitor();
    a.stop().await.unwrap();
    assert_eq!(down.await.reason, ExitReason::Shutdown);
}

#[tokio::test(start_paused = true)]
async fn r175_a_group_stops_in_the_reverse_of_its_start_order() {
    let log = Log::new();
    let (sup, [a, ..]) = group(Strategy::RestForOne, [Permanent; 4], &log).await;
    a.kill();
    done(&sup).await;
    let steps = log.take();
    let ends = steps.iter().filter_map(|line| line.strip_suffix(" drop"));
    assert_eq!(ends.collect::<Vec<_>>(), ["a", "d", "c", "b"]);
    assert_eq!(starts(&steps), ["a", "b", "c", "d"]);
}

#[derive(Default)]
struct Cache(Option<String>);

#[genserver(name = "cache")]
impl Cache {
    #[call]
    fn get(&self) -> Option<String> {
        self.0.clone()
    }
}

#[tokio::test]
async fn r176_calls_from_outside_of_a_process_are_answered() {
    let cache = Cache::start_link().await.unwrap();
    assert_eq!(cache.get().await, Ok(None));
    let named = tokio::spawn(async { Cache::named().get().await });
    assert_eq!(named.await.unwrap(), Ok(None));
    // A thread without a runtime asks by a reference; a name means nothing there, and that is an error.
    let thread = std::thread::spawn(move || {
        let mut named = std::pin::pin!(Cache::named().get().owned());
        let waker = std::task::Waker::noop();
        let polled = named
            .as_mut()
            .poll(&mut std::task::Context::from_waker(waker));
        assert_eq!(polled, std::task::Poll::Ready(Err(CallError::NoRuntime)));
    });
    tokio::task::spawn_blocking(|| thread.join().unwrap())
        .await
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn r177_a_child_that_asks_for_its_own_end_is_gone_at_once() {
    let (log, handle) = (Log::new(), place::<Plain>());
    let (a, script) = (handle.clone(), Script::new("a", &log));
    let sup = Sup::start(move |spec| spec.child(child(&handle, &script)))
        .await
        .unwrap();
    let (began, down) = (Instant::now(), a.monitor());
    let supervisor = (*sup).clone();
    a.cast(act_async(move |probe, _| {
        Box::pin(async move {
            let _ended = supervisor.terminate_child("a").await;
            probe.log("goes on");
        })
    }))
    .await
    .unwrap();
    assert_eq!(down.await.reason, ExitReason::Shutdown);
    // The supervisor answers, and nobody has waited.
    assert_eq!(sup.count_children().await.unwrap().active, 0);
    assert_eq!(began.elapsed(), Duration::ZERO);
    assert_eq!(log.count("goes on"), 0);
}

#[tokio::test(start_paused = true)]
async fn r178_a_child_that_panics_is_restarted() {
    let log = Log::new();
    let (sup, [a]) = group(Strategy::OneForOne, [Permanent], &log).await;
    for _ in 0..3 {
        let down = a.monitor();
        a.cast(act(|_, _| panic!("boom"))).await.unwrap();
        assert_eq!(panic_text(&down.await.reason), "boom");
        done(&sup).await;
        assert_eq!(a.call(get()).await, Ok(0));
    }
}
