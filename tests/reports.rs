//! Reports: which events there are, in which order, with which fields; and that nothing in them can hurt.

use suptree::prelude::*;
use suptree::{
    Child, ExitReason, ReplyTo, Restart, RestartChildError, Shutdown, StartChildError, StartError,
};
use tracing::{Level, Metadata, Span};

use crate::support::{
    AnyDyn, Boxed, Cx, Kind, Log, NamedSup, Plain, Probe, Reports, Script, Server, Sup, Traps, act,
    asks, child, does, does_async, failing, ms, on_every_path, oops, place, settle, spec_of, start,
    supervise,
};

on_every_path! {
    gs_63_the_report_of_a_call_has_its_client
    gs_63_one_crash_is_one_report
    gs_60_an_unusual_stop_is_reported_a_usual_one_is_not
    log_01_the_order_of_a_crash_and_its_restart
    log_05_sup_86_expected_ends_are_silent
    a_server_that_a_signal_ends_says_nothing
    r99_a_handler_runs_in_the_span_of_its_message
}

/// One event, whatever the way to the handler, with OTP's fields but for `client`; a quiet end has none.
async fn gs_63_one_crash_is_one_report<K: Kind>() {
    for (crash, last, reason) in [
        ("error", "cast failing", "an error was returned: boom"),
        ("panic", "cast act", "it panicked: no, at tests/reports.rs:"),
        ("call", "call does", "it panicked: no, at tests/reports.rs:"),
        (
            "waiting call",
            "call does_async",
            "it panicked: no, at tests/reports.rs:",
        ),
        ("stop", "cast act", "an error was returned: boom"),
        ("stopping call", "call does", "an error was returned: boom"),
    ] {
        let reports = Reports::capture();
        let log = Log::new();
        let server = suptree::start::<Probe<K>>(Script::new("a", &log).named("crasher"))
            .await
            .unwrap();
        let pid = server.pid().unwrap();
        assert_eq!(server.call(crate::support::add(7)).await, Ok(7));
        let down = server.monitor();
        match crash {
            "error" => server.cast(failing(oops("boom"))).await.unwrap(),
            "panic" => server.cast(act(|_, _| panic!("no"))).await.unwrap(),
            "stop" => server
                .cast(act(|_, cx| cx.stop(oops("boom"))))
                .await
                .unwrap(),
            "stopping call" => {
                let stops = does(|_, cx| {
                    cx.stop(oops("boom"));
                    0
                });
                server.call(stops).await.unwrap();
            }
            "call" => {
                let panics = does(|_, _| -> i64 { panic!("no") });
                server.call(panics).await.unwrap_err();
            }
            _ => {
                let panics = does_async(|_: &mut Probe<K>, _: &mut Cx<K>| -> Boxed<'_, i64> {
                    Box::pin(async {
                        tokio::time::sleep(ms(1)).await;
                        panic!("no")
                    })
                });
                server.call(panics).await.unwrap_err();
            }
        }
        down.await;
        settle().await;
        assert_eq!(reports.briefs(), ["crash crasher"], "{crash}");
        let report = reports.only("crash crasher");
        assert_eq!(
            (report.level, report.target.as_str()),
            (Level::ERROR, "suptree::gen_server")
        );
        assert_eq!(report.field("process"), "crasher");
        assert_eq!(report.field("pid"), pid.to_string());
        assert_eq!(report.field("server"), std::any::type_name::<Probe<K>>());
        let told = report.field("reason");
        assert!(told.starts_with(reason), "{crash}: {told}");
        assert_eq!(report.field("last_message"), last, "{crash}");
        assert_eq!(report.field("state"), "7");
        assert_eq!(
            report.field("message"),
            "GenServer terminating",
            "each fact is a field of its own, and said once"
        );
    }
    for quiet in [
        ExitReason::Normal,
        ExitReason::Shutdown,
        ExitReason::ShutdownWith("x".into()),
    ] {
        let reports = Reports::capture();
        let server = start::<K>("a", &Log::new()).await;
        let (down, ends) = (server.monitor(), quiet.clone());
        server.cast(act(move |_, cx| cx.stop(ends))).await.unwrap();
        down.await;
        settle().await;
        assert_eq!(reports.briefs(), Vec::<String>::new(), "{quiet}");
    }
}

async fn gs_60_an_unusual_stop_is_reported_a_usual_one_is_not<K: Kind>() {
    for (reason, lines) in [
        (ExitReason::Normal, 0),
        (ExitReason::Shutdown, 0),
        (ExitReason::ShutdownWith("x".into()), 0),
        (oops("other"), 1),
        (ExitReason::Killed, 1),
    ] {
        let reports = Reports::capture();
        let server = start::<K>("a", &Log::new()).await;
        server.stop_with(reason.clone()).await.unwrap();
        assert_eq!(reports.errors().len(), lines, "{reason}");
    }
}

async fn log_01_the_order_of_a_crash_and_its_restart<K: Kind>() {
    let reports = Reports::capture();
    let log = Log::new();
    let (handle, script) = (place::<K>(), Script::<K>::new("a", &log).named("proc"));
    let server = handle.clone();
    let _sup = NamedSup::start(move |spec| spec.child(child(&handle, &script)))
        .await
        .unwrap();
    server.cast(act(|_, _| panic!("boom"))).await.unwrap();
    log.until("a init", 2).await;
    settle().await;
    assert_eq!(
        reports.briefs(),
        [
            "progress a",
            "crash proc",
            "child_terminated a",
            "progress a"
        ]
    );
}

async fn log_05_sup_86_expected_ends_are_silent<K: Kind>() {
    for reason in [
        ExitReason::Normal,
        ExitReason::Shutdown,
        ExitReason::ShutdownWith("x".into()),
    ] {
        for restart in [Restart::Permanent, Restart::Transient, Restart::Temporary] {
            let reports = Reports::capture();
            let log = Log::new();
            let (handle, script) = (place::<K>(), Script::<K>::new("a", &log));
            let server = handle.clone();
            let sup = Sup::start(move |spec| spec.child(child(&handle, &script).restart(restart)))
                .await
                .unwrap();
            let ends = reason.clone();
            let down = server.monitor();
            server.cast(act(move |_, cx| cx.stop(ends))).await.unwrap();
            down.await;
            sup.stop().await.unwrap();
            // A permanent child's end is worth a report, whatever the reason.
            let wanted: &[&str] = if restart == Restart::Permanent {
                &["child_terminated a"]
            } else {
                &[]
            };
            assert_eq!(reports.errors(), wanted, "{restart:?} {reason}");
        }
    }
}

/// As in OTP: no code of its own runs any more. Its supervisor, links and monitors tell the reason.
async fn a_server_that_a_signal_ends_says_nothing<K: Kind>() {
    for reason in [ExitReason::Kill, oops("boom"), ExitReason::Shutdown] {
        let reports = Reports::capture();
        let server = start::<K>("a", &Log::new()).await;
        let down = server.monitor();
        server.exit(reason.clone());
        down.await;
        assert_eq!(reports.errors(), Vec::<String>::new(), "{reason}");
    }
}

#[tokio::test(start_paused = true)]
async fn log_02_a_failed_start_at_boot() {
    let reports = Reports::capture();
    let fails = Script::<Plain>::new("a", &Log::new()).init_fails(oops("bad"));
    NamedSup::start(move |spec| spec.child(child(&place(), &fails)))
        .await
        .err()
        .unwrap();
    assert_eq!(reports.briefs(), ["start_error a"]);
    let report = reports.only("start_error a");
    let reason = "init failed: an error was returned: bad";
    assert_eq!(
        (report.field("reason"), report.field("pid")),
        (reason, "none")
    );
    assert_eq!(report.field("message"), "Child failed to start");
}

struct Room;

#[genserver(name = ("room of reports", number))]
impl Room {
    #[init]
    fn init(number: u64) -> Self {
        assert_ne!(number, 0);
        Self
    }
}

supervisor! { Rooms { dynamic: Room } }

/// Whoever asks for a start is told why it fails; nobody else is.
#[tokio::test(start_paused = true)]
async fn r392_a_start_that_was_asked_for_is_told_to_the_caller_alone() {
    let reports = Reports::capture();
    let log = Log::new();
    let sup = NamedSup::start(|spec| spec).await.unwrap();
    let fails = Script::<Plain>::new("a", &log).init_fails(oops("bad"));
    let failed = sup.start_child(child(&place(), &fails)).await;
    assert!(
        matches!(failed, Err(StartChildError::Start(StartError::Init(_)))),
        "{failed:?}"
    );

    // The second start fails, and it is one that was asked for.
    let script = Script::<Plain>::new("b", &log).on_init(|probe, _| {
        let nth = probe.log_count("b init");
        Box::pin(async move { if nth == 2 { Err(oops("bad")) } else { Ok(()) } })
    });
    sup.start_child(child(&place(), &script)).await.unwrap();
    sup.terminate_child("b").await.unwrap();
    let failed = sup.restart_child("b").await;
    assert!(
        matches!(failed, Err(RestartChildError::Start(_))),
        "{failed:?}"
    );

    // As many as like try to be the first with a name.
    let rooms = Rooms::start_link().await.unwrap();
    let first = rooms.start_child(1).await.unwrap();
    let second = rooms.start_child(1).await.unwrap_err();
    let taken = StartError::AlreadyStarted(first.pid().unwrap());
    assert_eq!(second, StartChildError::Start(taken));
    settle().await;
    assert_eq!(reports.errors(), Vec::<String>::new());
}

/// Every report of a supervisor has the child it is about in its fields, by its specification: five contexts, one child.
#[tokio::test(start_paused = true)]
async fn log_06_the_fields_of_a_supervisors_reports() {
    let reports = Reports::capture();
    let log = Log::new();
    let handle = place::<Traps>();
    let server = handle.clone();
    // The second start fails; the third is the last.
    let script = Script::<Traps>::new("a", &log)
        .on_init(|probe, _| {
            let nth = probe.log_count("a init");
            Box::pin(async move { if nth == 2 { Err(oops("bad")) } else { Ok(()) } })
        })
        .terminate_sleeps(ms(1_000));
    let sup = NamedSup::start(move |spec| {
        let child = child(&handle, &script).shutdown(Shutdown::Timeout(ms(100)));
        spec.max_restarts(2).child(child)
    })
    .await
    .unwrap();
    let first = server.pid().unwrap().to_string();
    server.kill();
    log.until("a init", 3).await;
    settle().await;
    let second = server.pid().unwrap().to_string();
    let down = sup.monitor();
    sup.start_child(spec_of(&log, "late")).await.unwrap();
    server.kill();
    assert_eq!(down.await.reason, ExitReason::Shutdown);

    let of_a: Vec<_> = reports
        .all()
        .into_iter()
        .filter(|report| report.field("child") == "a")
        .collect();
    let common = ["supervisor", "child", "restart", "shutdown", "type"];
    for report in &of_a {
        assert_eq!(report.target, "suptree::supervisor");
        assert_eq!(
            common.map(|field| report.field(field)),
            ["sup", "a", "Permanent", "Timeout(100ms)", "Worker"]
        );
    }
    let own: Vec<_> = of_a
        .iter()
        .map(|report| {
            let [context, reason, pid] =
                ["context", "reason", "pid"].map(|name| report.field(name));
            (report.level, context, reason, pid)
        })
        .collect();
    let failed = "init failed: an error was returned: bad";
    let (error, info) = (Level::ERROR, Level::INFO);
    assert_eq!(
        own,
        [
            (info, "progress", "", first.as_str()),
            (error, "child_terminated", "killed", first.as_str()),
            (error, "start_error", failed, "none"),
            (info, "progress", "", second.as_str()),
            (error, "child_terminated", "killed", second.as_str()),
            (error, "shutdown", "reached_max_restart_intensity", "none"),
        ]
    );
}

/// The rest of the fields: a child that is told otherwise, and the report of an end that was not as asked.
#[tokio::test(start_paused = true)]
async fn log_06_the_fields_of_a_shutdown_error() {
    let reports = Reports::capture();
    let sup = NamedSup::start(|spec| {
        let slow = Script::<Traps>::new("w", &Log::new()).terminate_sleeps(ms(1_000));
        let worker = child(&place(), &slow)
            .restart(Restart::Transient)
            .shutdown(Shutdown::Timeout(ms(10)));
        let tree =
            <Sup as Child>::child_spec(&<Sup as Child>::vacant(), "s", supervise(|spec| spec));
        spec.child(worker).child(tree.restart(Restart::Temporary))
    })
    .await
    .unwrap();
    let fields = ["context", "child", "restart", "shutdown", "type", "reason"];
    let last = |reports: &Reports| {
        let report = reports.all().pop().unwrap();
        fields.map(|field| report.field(field).to_owned())
    };
    assert_eq!(
        last(&reports),
        ["progress", "s", "Temporary", "Infinity", "Supervisor", ""]
    );
    sup.stop().await.unwrap();
    assert_eq!(
        last(&reports),
        [
            "shutdown_error",
            "w",
            "Transient",
            "Timeout(10ms)",
            "Worker",
            "killed"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn log_03_a_child_that_overstays_its_shutdown() {
    let reports = Reports::capture();
    let slow = Script::<Traps>::new("a", &Log::new()).terminate_sleeps(ms(1_000));
    let sup = Sup::start(move |spec| {
        spec.child(child(&place(), &slow).shutdown(Shutdown::Timeout(ms(10))))
    })
    .await
    .unwrap();
    sup.stop().await.unwrap();
    assert_eq!(reports.only("shutdown_error a").field("reason"), "killed");
}

#[tokio::test(start_paused = true)]
async fn log_04_giving_up() {
    let reports = Reports::capture();
    let (handle, script) = (place::<Plain>(), Script::new("a", &Log::new()));
    let server = handle.clone();
    let sup = Sup::start(move |spec| spec.max_restarts(0).child(child(&handle, &script)))
        .await
        .unwrap();
    let (down, pid) = (sup.monitor(), server.pid().unwrap());
    server.kill();
    down.await;
    assert_eq!(
        reports.errors(),
        ["child_terminated a", "shutdown a"],
        "the killed server itself says nothing"
    );
    let terminated = reports.only("child_terminated a");
    assert_eq!(
        (terminated.field("reason"), terminated.field("pid")),
        ("killed", pid.to_string().as_str())
    );
    assert_eq!(
        reports.only("shutdown a").field("reason"),
        "reached_max_restart_intensity"
    );
}

#[tokio::test(start_paused = true)]
async fn sup_49_a_brutal_kill_is_no_error_of_the_supervisors() {
    let reports = Reports::capture();
    let script = Script::<Plain>::new("a", &Log::new());
    let sup =
        Sup::start(move |spec| spec.child(child(&place(), &script).shutdown(Shutdown::BrutalKill)))
            .await
            .unwrap();
    sup.stop().await.unwrap();
    assert!(
        reports
            .errors()
            .iter()
            .all(|report| !report.starts_with("shutdown_error")),
        "{:?}",
        reports.errors()
    );
}

/// Which ends during a shutdown are as asked.
#[tokio::test(start_paused = true)]
async fn ds_21_ds_22_ends_of_children_during_a_stop() {
    for (restart, reason, reported) in [
        (
            Restart::Permanent,
            ExitReason::ShutdownWith("oops".into()),
            false,
        ),
        (
            Restart::Transient,
            ExitReason::ShutdownWith("oops".into()),
            false,
        ),
        (Restart::Temporary, ExitReason::Normal, false),
        (Restart::Permanent, ExitReason::Normal, true),
        (Restart::Transient, oops("boom"), true),
    ] {
        let reports = Reports::capture();
        let log = Log::new();
        let sup = AnyDyn::start().await;
        // A shutdown that arrives during a handler which then stops for a reason of its own.
        let handle: Server<Traps> = place();
        sup.start_any(child(&handle, &Script::<Traps>::new("a", &log)).restart(restart))
            .await;
        let (open, gate) = tokio::sync::oneshot::channel::<()>();
        let (down, wanted) = (handle.monitor(), reason.clone());
        handle
            .cast(crate::support::act_async(move |probe, cx| {
                Box::pin(async move {
                    probe.log("started");
                    gate.await.unwrap();
                    cx.stop(reason);
                })
            }))
            .await
            .unwrap();
        log.until("started", 1).await;
        let stopping = tokio::spawn(sup.stop());
        settle().await;
        open.send(()).unwrap();
        assert_eq!(stopping.await.unwrap(), Ok(()));
        assert_eq!(down.await.reason, wanted);
        let errors = reports.errors();
        assert_eq!(
            errors.iter().any(|error| error == "shutdown_error a"),
            reported,
            "{restart:?} {wanted}: {errors:?}"
        );
    }
}

/// Also when a caller runs it that has a span of its own.
async fn r99_a_handler_runs_in_the_span_of_its_message<K: Kind>() {
    fn here() -> Option<&'static str> {
        Span::current().metadata().map(Metadata::name)
    }
    let _reports = Reports::capture();
    let server = start::<K>("a", &Log::new()).await;
    let _caller = tracing::info_span!("caller").entered();
    assert_eq!(
        server.call(does(|_, _| here())).await,
        Ok(Some("handle_call"))
    );
    let waits = does_async(|_: &mut Probe<K>, _: &mut Cx<K>| Box::pin(async { here() }));
    assert_eq!(server.call(waits).await, Ok(Some("handle_call")));
    assert_eq!(here(), Some("caller"));
    server.stop().await.unwrap();
}

/// OTP's waits for the start, and reports nothing; ours interrupts it (D32), which is no failure of the child's either.
#[tokio::test(start_paused = true)]
async fn r183_a_start_that_a_stop_interrupts_is_not_reported() {
    let reports = Reports::capture();
    for above in [false, true] {
        let log = Log::new();
        let sup = Sup::start(|spec| spec).await.unwrap();
        let slow = Script::<Plain>::new("slow", &log).init_sleeps(ms(100));
        let spec = child(&place(), &slow);
        let spec = if above {
            let (handle, script) = (place(), slow.clone());
            let inner = supervise(move |spec| spec.child(child(&handle, &script)));
            Sup::child_spec(&Sup::vacant(), "inner", inner)
        } else {
            spec
        };
        let starting = tokio::spawn(sup.start_child(spec));
        log.until("slow init", 1).await;
        sup.stop().await.unwrap();
        let interrupted = StartError::Init(ExitReason::Shutdown);
        let told = starting.await.unwrap();
        assert_eq!(told, Err(StartChildError::Start(interrupted)));
    }
    assert_eq!(reports.errors(), [""; 0]);
}

async fn gs_63_the_report_of_a_call_has_its_client<K: Kind>() {
    let log = Log::new();
    let script = Script::<Plain>::new("caller", &log).named("gs_63_caller");
    let caller = suptree::start::<Probe<Plain>>(script).await.unwrap();
    for from_a_process in [true, false] {
        for way in [
            "call",
            "waiting call",
            "late call",
            "by hand",
            "cast",
            "stop",
        ] {
            let reports = Reports::capture();
            let server = start::<K>("a", &log).await;
            let death = server.monitor();
            let sends = move |server: Server<K>| -> Boxed<'static, ()> {
                Box::pin(async move {
                    let panics = does(|_: &mut Probe<K>, _: &mut Cx<K>| -> i64 { panic!("no") });
                    let panics_late = |time| {
                        does_async(move |_: &mut Probe<K>, _: &mut Cx<K>| -> Boxed<'_, i64> {
                            Box::pin(async move {
                                tokio::time::sleep(ms(time)).await;
                                panic!("no")
                            })
                        })
                    };
                    match way {
                        "call" => drop(server.call(panics).await),
                        "waiting call" => drop(server.call(panics_late(1)).await),
                        // The caller has waited so long that it has a timer.
                        "late call" => drop(server.call(panics_late(100)).await),
                        "by hand" => {
                            let panics = asks(&server, |_, _, _reply: ReplyTo<i64>| panic!("no"));
                            drop(panics.await);
                        }
                        "cast" => server.cast(act(|_, _| panic!("no"))).await.unwrap(),
                        _ => drop(server.stop_with(oops("boom")).await),
                    }
                })
            };
            let client = if from_a_process {
                let server = server.clone();
                let asks = does_async(
                    move |_: &mut Probe<Plain>, _: &mut Cx<Plain>| -> Boxed<'_, ()> {
                        sends(server)
                    },
                );
                caller.call(asks).await.unwrap();
                format!("gs_63_caller ({})", caller.pid().unwrap())
            } else {
                sends(server.clone()).await;
                "not a process".to_owned()
            };
            death.await;
            let expected = match way {
                "cast" | "stop" => "",
                _ => &client,
            };
            let all = reports.all();
            assert_eq!(all.len(), 1, "{way}: {all:?}");
            assert_eq!(all[0].field("client"), expected, "{way}, {from_a_process}");
        }
    }
}

/// A caller that has given up is nobody's client any more.
#[tokio::test(start_paused = true)]
async fn gs_63_a_client_that_has_given_up_is_not_told() {
    let log = Log::new();
    let reports = Reports::capture();
    let server = start::<Plain>("a", &log).await;
    let death = server.monitor();
    let panics = does_async(
        |_: &mut Probe<Plain>, _: &mut Cx<Plain>| -> Boxed<'_, i64> {
            Box::pin(async {
                tokio::time::sleep(ms(100)).await;
                panic!("no")
            })
        },
    );
    assert!(server.call(panics).timeout(ms(10)).await.is_err());
    death.await;
    let all = reports.all();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].field("last_message"), "call does_async");
    assert_eq!(all[0].field("client"), "");
}
