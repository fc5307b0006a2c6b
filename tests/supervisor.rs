//! Supervisors with fixed children: start order, failed starts, their administration.

use suptree::{CallError, ChildCounts, ExitReason, StartError, whereis};
use tokio::time::Instant;

use crate::support::{
    Boxed, Cx, Log, NamedSup, Plain, Probe, Script, Sup, Traps, abc, act, child, child_id, does,
    does_async, get, ms, oops, place, settle, spec_of, start, supervise,
};

#[tokio::test(start_paused = true)]
async fn sup_01_a_supervisor_without_children() {
    let sup = Sup::start(|spec| spec).await.unwrap();
    assert_eq!(sup.which_children().await, Ok(Vec::new()));
    assert_eq!(sup.count_children().await, Ok(ChildCounts::default()));
    let down = sup.monitor();
    assert_eq!(sup.stop().await, Ok(()));
    assert_eq!(down.await.reason, ExitReason::Normal);
    assert_eq!(sup.which_children().await, Err(CallError::NoProc));
}

/// They are listed in this order, too, which OTP reverses (D29).
#[tokio::test(start_paused = true)]
async fn sup_02_children_start_one_after_the_other() {
    let log = Log::new();
    let began = Instant::now();
    let scripts = ["a", "b", "c"].map(|id| {
        Script::<Plain>::new(id, &log).on_init(|probe, _| {
            Box::pin(async move {
                tokio::time::sleep(ms(30)).await;
                probe.log(format!("{} is up", probe.id()));
                Ok(())
            })
        })
    });
    let sup = Sup::start(move |mut spec| {
        for script in &scripts {
            spec = spec.child(child(&place(), script));
        }
        spec
    })
    .await
    .unwrap();
    assert_eq!(began.elapsed(), ms(90));
    assert_eq!(
        log.all(),
        [
            "a init", "a is up", "b init", "b is up", "c init", "c is up"
        ]
    );
    let children = sup.which_children().await.unwrap();
    let ids: Vec<_> = children
        .iter()
        .map(|child| child.id.clone().unwrap().to_string())
        .collect();
    assert_eq!(ids, ["a", "b", "c"], "in start order: OTP's is the reverse");
}

#[tokio::test(start_paused = true)]
async fn sup_05_a_failed_start_stops_what_was_started() {
    let log = Log::new();
    let scripts = ["a", "b", "c", "d"].map(|id| Script::<Traps>::new(id, &log).named(id));
    let began = Instant::now();
    let error = NamedSup::start(move |mut spec| {
        for (nth, script) in scripts.iter().enumerate() {
            let script = if nth == 2 {
                script.clone().init_fails(oops("bad"))
            } else {
                script.clone()
            };
            spec = spec.child(child(&place(), &script));
        }
        spec
    })
    .await
    .err()
    .unwrap();
    let expected = StartError::Child {
        id: "c".into(),
        error: Box::new(StartError::Init(oops("bad"))),
    };
    assert_eq!(error, expected);
    assert_eq!(
        error.downcast_ref::<crate::support::Oops>().unwrap().0,
        "bad"
    );
    let events = [
        "a init",
        "b init",
        "c init",
        "c drop",
        "b terminate shutdown",
        "b drop",
        "a terminate shutdown",
        "a drop",
    ];
    assert_eq!(log.all(), events);
    assert_eq!(
        (whereis("sup"), whereis("a"), whereis("d")),
        (None, None, None)
    );
    assert_eq!(began.elapsed(), ms(0), "no retry at boot");
}

#[tokio::test(start_paused = true)]
async fn sup_05_a_failed_start_ends_a_linked_starter() {
    let log = Log::new();
    let fails = supervise({
        let log = log.clone();
        move |spec| {
            spec.child(child(
                &place(),
                &Script::<Plain>::new("a", &log).init_fails(oops("bad")),
            ))
        }
    });
    let starter = start::<Plain>("starter", &log).await;
    let down = starter.monitor();
    let starts = does_async(
        move |_: &mut Probe<Plain>, _: &mut Cx<Plain>| -> Boxed<'_, ()> {
            Box::pin(async move {
                let _failed = suptree::start_link_supervisor::<Sup>(fails).await;
                std::future::pending::<()>().await;
            })
        },
    );
    let _told = starter.call(starts).await;
    // OTP's `{shutdown, {failed_to_start_child, Id, Reason}}`.
    let reason = down.await.reason;
    let ExitReason::ShutdownWith(detail) = &reason else {
        panic!("{reason:?}")
    };
    let wanted = "failed to start child a: init failed: an error was returned: bad";
    assert!(detail.ends_with(wanted), "{detail}");
}

#[tokio::test(start_paused = true)]
async fn a_duplicate_id_starts_nothing() {
    let log = Log::new();
    let made = log.clone();
    let error = Sup::start(move |spec| spec.child(spec_of(&made, "a")).child(spec_of(&made, "a")))
        .await
        .err()
        .unwrap();
    assert_eq!(error, StartError::DuplicateChild("a".into()));
    assert_eq!(log.all(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn sup_76_strangers_signals_mean_nothing_to_a_supervisor() {
    let log = Log::new();
    let (sup, [a, ..]) = abc(&log).await;
    let stranger = start::<Plain>("s", &log).await;
    let pid = sup.pid().unwrap();
    for reason in [ExitReason::Shutdown, ExitReason::Normal, oops("boom")] {
        suptree::exit(pid, reason.clone());
        stranger
            .call(does(move |_, _| suptree::exit(pid, reason)))
            .await
            .unwrap();
    }
    stranger
        .call(does(move |_, _| suptree::link(pid)))
        .await
        .unwrap();
    stranger.cast(act(|_, _| panic!("boom"))).await.unwrap();
    settle().await;
    assert_eq!(sup.count_children().await.unwrap().active, 3);
    assert_eq!(a.call(get()).await, Ok(0));
    assert!(!stranger.is_alive());
}

#[tokio::test(start_paused = true)]
async fn the_arguments_of_a_child_are_made_as_its_supervisor() {
    let log = Log::new();
    let made = log.clone();
    let sup = NamedSup::start(move |spec| {
        let log = made.clone();
        spec.child(child_id::<Probe<Plain>>("a", move || {
            log.push(format!(
                "as the supervisor: {}",
                suptree::try_self_pid() == whereis("sup")
            ));
            Script::new("a", &log)
        }))
    })
    .await
    .unwrap();
    assert!(sup.is_alive());
    assert_eq!(log.all(), ["as the supervisor: true", "a init"]);
}
