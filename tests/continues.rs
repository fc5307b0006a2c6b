//! Continues: what a server does before anything that is queued.

use std::time::Duration;

use suptree::prelude::*;
use suptree::{CallError, NoMessage, exit};
use tokio::time::Instant;

use crate::support::bomb::Drops;
use crate::support::{
    Act, Begun, Boxed, Cx, Kind, Log, Plain, Probe, Script, TrapAndTerminate, Traps, act,
    act_async, does, does_async, failing, get, ms, on_every_path, oops, settle, start,
};

on_every_path! {
    gs_45_a_caller_has_its_reply_when_the_continue_crashes
    gs_45_a_caller_does_not_wait_for_a_continue
    gs_46_a_start_does_not_wait_for_its_continue
    gs_46_a_continue_behind_init_comes_before_what_was_sent_meanwhile
    gs_47_a_continue_may_stop_the_server
    r300_a_continue_comes_before_what_is_queued
    r300_every_handler_may_continue
    r300_continues_run_in_order_each_with_its_own_first
    r300_a_handler_that_stops_does_not_continue
    r300_a_call_made_right_after_waits_for_the_continue
}

/// A message that logs a line.
fn logs<K: Kind>(line: &'static str) -> Act<K> {
    act(move |probe: &mut Probe<K>, _| probe.log(line))
}

/// The same, after some time.
fn logs_after<K: Kind>(line: &'static str, time: Duration) -> Act<K> {
    act_async(move |probe: &mut Probe<K>, _| {
        Box::pin(async move {
            tokio::time::sleep(time).await;
            probe.log(line);
        })
    })
}

fn continues_in_init<K: Kind>(log: &Log, message: fn() -> Act<K>) -> Script<K> {
    Script::new("a", log).on_init(move |_, cx| {
        cx.continue_with(message());
        Box::pin(async { Ok(()) })
    })
}

async fn gs_45_a_caller_has_its_reply_when_the_continue_crashes<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let death = server.monitor();
    let answered = server.call(does(|probe: &mut Probe<K>, cx: &mut Cx<K>| {
        cx.continue_with(failing(oops("late")));
        probe.n
    }));
    assert_eq!(answered.await, Ok(0));
    assert_eq!(death.await.reason, oops("late"));
    assert_eq!(log.with("a terminate").len(), 1);
}

async fn gs_45_a_caller_does_not_wait_for_a_continue<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let began = Instant::now();
    let plain = does(|_: &mut Probe<K>, cx: &mut Cx<K>| {
        cx.continue_with(logs_after("continued", ms(10)));
    });
    server.call(plain).await.unwrap();
    assert_eq!(began.elapsed(), Duration::ZERO);
    log.until("continued", 1).await;
    assert_eq!(began.elapsed(), ms(10));

    let waits = does_async(|_: &mut Probe<K>, cx: &mut Cx<K>| -> Boxed<'_, _> {
        Box::pin(async move {
            tokio::time::sleep(ms(10)).await;
            cx.continue_with(logs_after("continued", ms(10)));
        })
    });
    server.call(waits).await.unwrap();
    assert_eq!(began.elapsed(), ms(20));
    log.until("continued", 2).await;
    assert_eq!(began.elapsed(), ms(30));
    settle().await;
    assert_eq!(server.info().expect("it lives").handled, 4);
}

/// Who answers its call itself leaves the continue to the server's task.
async fn runs_no_continue<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    settle().await;
    let plain = does(|_: &mut Probe<K>, cx: &mut Cx<K>| {
        cx.continue_with(logs("continued"));
    });
    let seen = log.clone();
    let caller = tokio::spawn(async move {
        server.call(plain).await.unwrap();
        seen.all()
    });
    assert_eq!(caller.await.unwrap(), ["a init"]);
    log.until("continued", 1).await;
}

#[tokio::test(start_paused = true)]
async fn gs_45_a_caller_in_place_runs_no_continue() {
    runs_no_continue::<Plain>().await;
}

#[tokio::test(start_paused = true)]
async fn gs_45_a_caller_that_has_begun_a_handler_runs_no_continue() {
    runs_no_continue::<Begun>().await;
}

async fn gs_46_a_start_does_not_wait_for_its_continue<K: Kind>() {
    let log = Log::new();
    let began = Instant::now();
    let script = continues_in_init::<K>(&log, || logs_after("continued", ms(300)));
    let server = suptree::start::<Probe<K>>(script).await.unwrap();
    assert_eq!(began.elapsed(), Duration::ZERO);
    assert_eq!(server.call(get()).await, Ok(0));
    assert_eq!(began.elapsed(), ms(300));
    assert_eq!(log.all(), ["a init", "continued"]);
}

async fn gs_46_a_continue_behind_init_comes_before_what_was_sent_meanwhile<K: Kind>() {
    let log = Log::new();
    let script = Script::<K>::new("a", &log)
        .named("early")
        .on_init(|probe, cx| {
            let me = cx.client();
            Box::pin(async move {
                me.cast(logs("sent in init")).await.unwrap();
                cx.continue_with(logs("continued"));
                probe.log("init is done");
                Ok(())
            })
        });
    let server = suptree::start::<Probe<K>>(script).await.unwrap();
    assert_eq!(server.call(get()).await, Ok(0));
    assert_eq!(
        log.all(),
        ["a init", "init is done", "continued", "sent in init"]
    );
}

async fn gs_47_a_continue_may_stop_the_server<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let death = server.monitor();
    let continued = server.call(does(|_: &mut Probe<K>, cx: &mut Cx<K>| {
        cx.continue_with(act(|_: &mut Probe<K>, cx: &mut Cx<K>| {
            cx.stop(ExitReason::Normal);
        }));
    }));
    continued.await.unwrap();
    assert_eq!(death.await.reason, ExitReason::Normal);
    assert_eq!(log.all(), ["a init", "a terminate normal", "a drop"]);
}

async fn r300_a_continue_comes_before_what_is_queued<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let casts = [
        act(|probe: &mut Probe<K>, cx: &mut Cx<K>| {
            probe.log("first");
            cx.continue_with(logs("continued"));
        }),
        logs("second"),
        act_async(|probe: &mut Probe<K>, cx: &mut Cx<K>| {
            Box::pin(async move {
                tokio::task::yield_now().await;
                probe.log("third");
                cx.continue_with(logs_after("continued slowly", ms(5)));
            })
        }),
        logs("fourth"),
    ];
    for cast in casts {
        server.cast(cast).await.unwrap();
    }
    log.until("fourth", 1).await;
    let lines = [
        "first",
        "continued",
        "second",
        "third",
        "continued slowly",
        "fourth",
    ];
    assert_eq!(log.all()[1..], lines);
}

async fn r300_every_handler_may_continue<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let continues = || {
        act(|_: &mut Probe<K>, cx: &mut Cx<K>| {
            cx.continue_with(logs("continued"));
        })
    };
    server.cast(continues()).await.unwrap();
    server.send(continues()).await.unwrap();
    let deferred = server.call_with(|reply: ReplyTo<i64>| {
        act(move |_: &mut Probe<K>, cx: &mut Cx<K>| {
            cx.continue_with(act(move |probe: &mut Probe<K>, cx: &mut Cx<K>| {
                probe.log("continued");
                cx.reply(reply, 7);
            }));
        })
    });
    assert_eq!(deferred.await, Ok(7));
    assert_eq!(log.count("continued"), 3);
}

async fn r300_continues_run_in_order_each_with_its_own_first<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let cast = act(|_: &mut Probe<K>, cx: &mut Cx<K>| {
        cx.continue_with(act(|probe: &mut Probe<K>, cx: &mut Cx<K>| {
            probe.log("one");
            cx.continue_with(act_async(|probe: &mut Probe<K>, cx: &mut Cx<K>| {
                Box::pin(async move {
                    tokio::time::sleep(ms(1)).await;
                    probe.log("its own");
                    cx.continue_with(logs("and its own"));
                })
            }));
        }));
        cx.continue_with(logs("two"));
    });
    server.cast(cast).await.unwrap();
    server.cast(logs("queued")).await.unwrap();
    log.until("queued", 1).await;
    let lines = ["one", "its own", "and its own", "two", "queued"];
    assert_eq!(log.all()[1..], lines);
}

async fn r300_a_handler_that_stops_does_not_continue<K: Kind>() {
    let log = Log::new();
    let drops = Drops::default();
    let token = drops.token();
    let server = start::<K>("a", &log).await;
    let death = server.monitor();
    let stopped = server.call(does(|_: &mut Probe<K>, cx: &mut Cx<K>| {
        cx.continue_with(act(move |probe: &mut Probe<K>, _| {
            probe.tokens.push(token);
            probe.log("continued");
        }));
        cx.stop(ExitReason::Normal);
        3
    }));
    assert_eq!(stopped.await, Ok(3));
    assert_eq!(death.await.reason, ExitReason::Normal);
    assert_eq!(log.all(), ["a init", "a terminate normal", "a drop"]);
    assert_eq!(drops.count(), 1, "what it would have continued with");
}

async fn r300_a_call_made_right_after_waits_for_the_continue<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let began = Instant::now();
    let continues = does(|_: &mut Probe<K>, cx: &mut Cx<K>| {
        cx.continue_with(act_async(|probe: &mut Probe<K>, _| {
            Box::pin(async move {
                tokio::time::sleep(ms(20)).await;
                probe.n = 1;
            })
        }));
    });
    server.call(continues).await.unwrap();
    assert_eq!(server.call(get()).await, Ok(1));
    assert_eq!(began.elapsed(), ms(20));
}

#[tokio::test(start_paused = true)]
async fn r300_the_handler_of_an_exit_may_continue() {
    #[derive(Default)]
    struct Watcher(Log);

    #[genserver(trap_exit)]
    impl Watcher {
        #[init]
        fn init(log: Log) -> Self {
            Self(log)
        }

        #[exit]
        fn ended(&mut self, _from: Pid, _reason: ExitReason, cx: &mut Context<Self>) {
            cx.then().recover("exit");
        }

        #[handle_continue]
        async fn recover(&mut self, after: String) -> Result<(), ExitReason> {
            tokio::task::yield_now().await;
            self.0.push(format!("recovers after {after}"));
            Ok(())
        }
    }

    let log = Log::new();
    let watcher = Watcher::start(log.clone()).await.unwrap();
    exit(watcher.pid().unwrap(), oops("a stranger's"));
    log.until("recovers after exit", 1).await;
    assert!(watcher.is_alive());
}

#[tokio::test(start_paused = true)]
async fn r300_a_kill_interrupts_a_continue() {
    let log = Log::new();
    let script = continues_in_init::<Plain>(&log, || logs_after("continued", ms(300)));
    let server = suptree::start::<Probe<Plain>>(script).await.unwrap();
    let waiting = tokio::spawn(server.call(get()).owned());
    settle().await;
    server.kill();
    assert_eq!(
        waiting.await.unwrap(),
        Err(CallError::Exited(ExitReason::Killed))
    );
    assert_eq!(log.all(), ["a init", "a drop"]);
}

/// A signal comes before a continue, as before any message.
#[tokio::test(start_paused = true)]
async fn r300_a_kill_comes_before_a_continue() {
    let log = Log::new();
    let server = start::<Plain>("a", &log).await;
    let death = server.monitor();
    let killed = server.call(does(|_: &mut Probe<Plain>, cx: &mut Cx<Plain>| {
        cx.continue_with(logs("continued"));
        cx.server().kill();
    }));
    killed.await.ok();
    assert_eq!(death.await.reason, ExitReason::Killed);
    assert_eq!(log.all(), ["a init", "a drop"]);
}

/// A parent's shutdown of a server that has `terminate` is a message behind it.
#[tokio::test(start_paused = true)]
async fn r300_a_graceful_server_continues_before_it_stops() {
    let log = Log::new();
    let server = start::<TrapAndTerminate>("a", &log).await;
    let cast = act(|_: &mut Probe<_>, cx: &mut Cx<TrapAndTerminate>| {
        cx.continue_with(logs_after("continued", ms(10)));
    });
    server.cast(cast).await.unwrap();
    server.stop().await.unwrap();
    let lines = ["continued", "a terminate normal", "a drop"];
    assert_eq!(log.all()[1..], lines);
}

#[tokio::test(start_paused = true)]
async fn r300_a_trapped_exit_comes_after_a_continue() {
    let log = Log::new();
    let server = start::<Traps>("a", &log).await;
    let cast = act(|_: &mut Probe<_>, cx: &mut Cx<Traps>| {
        cx.continue_with(logs("continued"));
        exit(cx.pid(), oops("own"));
    });
    server.cast(cast).await.unwrap();
    log.until("a exit an error was returned: own", 1).await;
    assert_eq!(log.all()[1], "continued");
}

/// By hand, where nothing handles it: as in OTP the server crashes.
#[tokio::test(start_paused = true)]
async fn gs_45_a_continue_without_a_handler_is_a_crash() {
    struct Bare;

    impl GenServer for Bare {
        type Args = ();
        type Call = NoMessage;
        type Cast = NoMessage;
        type Info = u8;
        type Client = ServerRef<Self>;

        async fn init((): (), cx: &mut Context<Self>) -> Result<Self, ExitReason> {
            cx.continue_with(1);
            Ok(Self)
        }
    }

    let bare = suptree::start::<Bare>(()).await.unwrap();
    let reason = bare.monitor().await.reason;
    let text = reason.to_string();
    assert!(
        text.contains("there is no handle_continue for it"),
        "{text}"
    );
}

/// The client of oneself is bound to this process.
#[tokio::test(start_paused = true)]
async fn d74_the_client_of_oneself_never_leads_to_another_process() {
    #[derive(Default)]
    struct Cache;

    #[genserver(name = "cache")]
    impl Cache {
        #[call]
        fn me(&self, cx: &mut Context<Self>) -> CacheClient {
            cx.client()
        }

        #[call]
        async fn itself(&self, cx: &mut Context<Self>) -> Result<CacheClient, CallError> {
            cx.client().me().await
        }
    }

    let first = Cache::start().await.unwrap();
    let me = first.me().await.unwrap();
    assert_eq!(me.pid(), first.pid());
    assert_eq!(
        me.itself().await.unwrap().unwrap_err(),
        CallError::CallingSelf
    );
    first.stop().await.unwrap();
    let second = Cache::start().await.unwrap();
    assert!(Cache::named().me().await.is_ok());
    assert_eq!(me.me().await.unwrap_err(), CallError::NoProc);
    assert_ne!(me.pid(), second.pid());
}
