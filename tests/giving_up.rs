//! A supervisor that gives up: what it tells, and what is left.

use suptree::{Child, ExitReason};

use crate::support::{
    Boxed, Cx, Log, NamedSup, Plain, Probe, Reports, Script, Server, Sup, Traps, child, does_async,
    ms, place, settle, start, supervise,
};

/// How many restarts within which window, which they were, and where in the tree.
#[tokio::test(start_paused = true)]
async fn log_06_sup_40_the_report_of_giving_up_tells_how_it_came_to_it() {
    let (reports, log) = (Reports::capture(), Log::new());
    let servers: [Server<Plain>; 3] = std::array::from_fn(|_| place());
    let (handles, made) = (servers.clone(), log.clone());
    let inner = supervise(move |mut spec| {
        for (handle, id) in handles.iter().zip(["cache", "store", "gone"]) {
            spec = spec.child(child(handle, &Script::new(id, &made)));
        }
        spec.max_restarts(3).max_seconds(5)
    });
    let nested = Sup::vacant();
    let held = nested.clone();
    let sup = NamedSup::start(move |spec| {
        spec.max_restarts(0)
            .child(Sup::child_spec(&held, "inner", inner.clone()))
    })
    .await
    .unwrap();
    let (top, inner) = (sup.monitor(), nested.pid().unwrap());
    // The first is forgiven by the time.
    for (at, wait) in [(0, 4_000), (2, 2_000), (0, 1_500), (1, 500), (0, 0)] {
        servers[at].kill();
        nested.count_children().await.ok();
        if at == 2 {
            nested.terminate_child("gone").await.unwrap();
            nested.delete_child("gone").await.unwrap();
        }
        tokio::time::sleep(ms(wait)).await;
    }
    assert_eq!(top.await.reason, ExitReason::Shutdown);

    let report = reports.only("shutdown cache");
    let fields = [
        "supervisor",
        "path",
        "reason",
        "max_restarts",
        "max_seconds",
        "restarts",
    ];
    let inner = inner.to_string();
    assert_eq!(
        fields.map(|field| report.field(field)),
        [
            &inner,
            &format!("sup > {inner}"),
            "reached_max_restart_intensity",
            "3",
            "5",
            "4 within 5s, where 3 may be: a child that is deleted 4s ago, cache 2s ago, store 500ms ago, cache now",
        ]
    );
    // Which is the end of a child for the one above, who gives up in turn.
    let report = reports.only("shutdown inner");
    assert_eq!(report.field("path"), "sup");
    assert_eq!(
        report.field("restarts"),
        "1 within 5s, where 0 may be: inner now"
    );
    assert_eq!(reports.errors().last().unwrap(), "shutdown inner");
}

/// The last ones are told one by one.
#[tokio::test(start_paused = true)]
async fn log_06_of_many_restarts_the_last_are_told() {
    let (reports, log) = (Reports::capture(), Log::new());
    let (server, made) = (place::<Plain>(), log.clone());
    let handle = server.clone();
    let sup = Sup::start(move |spec| {
        let child = child(&handle, &Script::new("a", &made));
        spec.max_restarts(29).child(child)
    })
    .await
    .unwrap();
    let down = sup.monitor();
    for nth in 2..=30 {
        server.kill();
        log.until("a init", nth).await;
    }
    settle().await;
    server.kill();
    down.await;
    let told = reports.only("shutdown a").field("restarts").to_owned();
    assert_eq!(
        told,
        format!(
            "30 within 5s, where 29 may be: 20 before, {}a now",
            "a 0ns ago, ".repeat(9)
        )
    );
}

/// A grandchild is in its `init` when the supervisor gives up: nothing outlives it.
#[tokio::test(start_paused = true)]
async fn r70_a_supervisor_gives_up_while_a_grandchild_is_in_its_init() {
    let log = Log::new();
    let (crashes, slow) = (place::<Plain>(), place::<Plain>());
    let (first, second, made) = (crashes.clone(), slow.clone(), log.clone());
    let inner_made = log.clone();
    let inner = supervise(move |spec| {
        // Its restart takes for ever.
        let script = Script::<Plain>::new("slow", &inner_made).on_init(|probe, _| {
            let first = probe.log_count("slow init") == 1;
            Box::pin(async move {
                if !first {
                    std::future::pending::<()>().await;
                }
                Ok(())
            })
        });
        spec.child(child(&second, &script))
    });
    let tree = supervise(move |spec| {
        spec.max_restarts(0)
            .child(child(&first, &Script::new("crashes", &made)))
            .child(Sup::child_spec(&Sup::vacant(), "inner", inner.clone()))
    });
    let starter = start::<Traps>("starter", &log).await;
    let starts = does_async(
        move |_: &mut Probe<Traps>, _: &mut Cx<Traps>| -> Boxed<'_, Sup> {
            Box::pin(async move { suptree::start_link_supervisor::<Sup>(tree).await.unwrap() })
        },
    );
    let sup = starter.call(starts).await.unwrap();
    slow.kill();
    log.until("slow init", 2).await;
    let down = sup.monitor();
    crashes.kill();
    assert_eq!(down.await.reason, ExitReason::Shutdown);
    log.until("starter exit shutdown", 1).await;
    let alive: Vec<_> = suptree::processes()
        .iter()
        .map(|process| process.pid)
        .collect();
    assert_eq!(alive, [starter.pid().unwrap()], "nothing else is left");
    tokio::time::sleep(ms(60_000)).await;
    assert_eq!(log.with("slow init").len(), 2);
}

/// It gives up in the attempts themselves, below a start: the starter is told.
#[tokio::test(start_paused = true)]
async fn r70_a_supervisor_gives_up_while_another_child_is_in_its_init() {
    let log = Log::new();
    let (crashes, made) = (place::<Plain>(), log.clone());
    let handle = crashes.clone();
    let sup = Sup::start(move |spec| {
        spec.max_restarts(0)
            .child(child(&handle, &Script::new("crashes", &made)))
    })
    .await
    .unwrap();
    let slow_log = log.clone();
    let inner = supervise(move |spec| {
        let slow = Script::<Plain>::new("slow", &slow_log).init_sleeps(ms(300));
        spec.child(child(&place(), &slow))
    });
    let starting = tokio::spawn(sup.start_child(Sup::child_spec(&Sup::vacant(), "inner", inner)));
    log.until("slow init", 1).await;
    let down = sup.monitor();
    crashes.kill();
    // The start comes to its end first, and is told.
    starting.await.unwrap().unwrap();
    assert_eq!(down.await.reason, ExitReason::Shutdown);
    assert!(suptree::processes().is_empty());
}
