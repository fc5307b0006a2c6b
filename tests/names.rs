//! Names: one holder, free before anybody sees the death, never an old incarnation.

use std::sync::Arc;

use suptree::{CallError, Child, ExitReason, GenServer, Name, Restart, StartError, whereis};

use crate::support::{
    Cx, Kind, Log, Plain, Probe, Queued, Script, Server, Sup, act, add, child, does, gated, get,
    kept, ms, on_every_path, oops, place, settle, start,
};

on_every_path! {
    gs_10_a_taken_name_names_its_holder
    gs_38_a_reference_never_reaches_the_next_incarnation
}

async fn named<K: Kind>(log: &Log, name: impl Into<Name>) -> Result<Server<K>, StartError> {
    suptree::start::<Probe<K>>(Script::new("a", log).named(name)).await
}

async fn gs_10_a_taken_name_names_its_holder<K: Kind>() {
    let log = Log::new();
    let holder = named::<K>(&log, "taken").await.unwrap();
    let pid = holder.pid().unwrap();
    assert_eq!(
        named::<K>(&log, "taken").await.unwrap_err(),
        StartError::AlreadyStarted(pid)
    );
    // Linked, from a process that would die of a signal; and another type of server: names are one space.
    let starter = start::<Plain>("starter", &Log::new()).await;
    let script = Script::<Queued>::new("b", &log).named("taken");
    let starting = crate::support::does_async(move |_: &mut Probe<Plain>, _: &mut Cx<Plain>| {
        Box::pin(async move {
            suptree::start_link::<Probe<Queued>>(script)
                .await
                .unwrap_err()
        })
    });
    assert_eq!(
        starter.call(starting).await,
        Ok(StartError::AlreadyStarted(pid))
    );
    settle().await;
    assert!(starter.is_alive());
    assert_eq!(log.all(), ["a init"], "init runs for the holder only");
    assert_eq!(whereis("taken"), Some(pid));
}

async fn gs_38_a_reference_never_reaches_the_next_incarnation<K: Kind>() {
    let log = Log::new();
    let old = named::<K>(&log, "again").await.unwrap();
    let by_name = Server::<K>::named(Name::from_static("again"));
    let bound = by_name.bound().unwrap();
    assert_eq!(by_name.call(add(5)).await, Ok(5));
    old.kill();
    old.monitor().await;
    let new = named::<K>(&log, "again").await.unwrap();
    for stale in [&old, &bound] {
        assert_eq!(stale.call(get()).await, Err(CallError::NoProc));
        assert!(
            stale
                .cast(act(|probe, _| probe.log("stale")))
                .await
                .is_err()
        );
        assert_eq!(stale.monitor().await.reason, ExitReason::NoProc);
        assert_eq!(stale.pid(), None);
    }
    assert_eq!(by_name.call(get()).await, Ok(0));
    assert_eq!(by_name.pid(), new.pid());
    assert_eq!(log.count("stale"), 0);
}

#[tokio::test(start_paused = true)]
async fn gs_37_a_call_in_flight_fails_with_the_crash_and_the_next_reaches_the_new_one() {
    let log = Log::new();
    let script = Script::<Plain>::new("a", &log).named("phoenix");
    let handle = place::<Plain>();
    let _sup = Sup::start(move |spec| spec.child(child(&handle, &script)))
        .await
        .unwrap();
    let by_name = Server::<Plain>::named(Name::from_static("phoenix"));
    let first = by_name.pid().unwrap();
    let caller = by_name.clone();
    let in_flight = tokio::spawn(async move { kept(&caller).await });
    settle().await;
    by_name
        .cast(act(|_, cx| cx.stop(oops("boom"))))
        .await
        .unwrap();
    assert_eq!(
        in_flight.await.unwrap(),
        Err(CallError::Exited(oops("boom")))
    );
    log.until("a init", 2).await;
    assert_eq!(by_name.call(get()).await, Ok(0));
    assert_ne!(by_name.pid(), Some(first));
}

/// 50 tasks start one name at the same time: on threads, the race is the point.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn gs_11_r72_one_of_fifty_gets_the_name() {
    for round in 0..20 {
        let log = Log::new();
        let starters: Vec<_> = (0..50)
            .map(|_| {
                let log = log.clone();
                tokio::spawn(async move { named::<Plain>(&log, format!("race {round}")).await })
            })
            .collect();
        let mut winners = Vec::new();
        let mut told = Vec::new();
        for starter in starters {
            match starter.await.unwrap() {
                Ok(server) => winners.push(server.pid().unwrap()),
                Err(StartError::AlreadyStarted(pid)) => told.push(pid),
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!((winners.len(), told.len()), (1, 49));
        assert!(told.iter().all(|pid| *pid == winners[0]));
        assert_eq!(log.count("a init"), 1);
    }
}

/// The name of the dead is free when its monitor fires, 300 times.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reg_06_a_name_is_free_when_the_monitor_fires() {
    let log = Log::new();
    for _ in 0..300 {
        let holder = named::<Plain>(&log, "mortal").await.unwrap();
        let down = holder.monitor();
        holder.kill();
        down.await;
        assert_eq!(whereis("mortal"), None);
    }
    assert_eq!(log.count("a init"), 300);
}

#[tokio::test(start_paused = true)]
async fn r73_a_name_leads_to_the_old_one_to_nobody_or_to_a_new_one_that_answers() {
    let log = Log::new();
    let script = Script::<Plain>::new("a", &log)
        .named("slow")
        .on_init(|probe, _| {
            Box::pin(async move {
                tokio::time::sleep(ms(100)).await;
                probe.n = 40;
                Ok(())
            })
        });
    let handle = place::<Plain>();
    let watched = handle.clone();
    let sup = Sup::start(move |spec| spec.child(child(&handle, &script)))
        .await
        .unwrap();
    let by_name = Server::<Plain>::named(Name::from_static("slow"));
    let old = by_name.bound().unwrap();
    old.call(add(2)).await.unwrap();
    old.kill();
    log.until("a init", 2).await;
    // The new one is in its init: it holds the name, and answers when it is ready.
    assert_ne!(by_name.pid(), None);
    assert_eq!(old.pid(), None);
    assert_eq!(by_name.call(get()).await, Ok(40));
    assert_eq!(watched.call(get()).await, Ok(40));
    sup.stop().await.unwrap();
    assert_eq!(by_name.call(get()).await, Err(CallError::NoProc));
    assert_eq!(watched.call(get()).await, Err(CallError::NoProc));
}

/// D25.
#[tokio::test(start_paused = true)]
async fn names_are_typed_and_keys_of_any_type() {
    let log = Log::new();
    let text = named::<Plain>(&log, String::from("7")).await.unwrap();
    let number = named::<Plain>(&log, Name::new(7_u32)).await.unwrap();
    let pair = named::<Plain>(&log, Name::new(("7", 7_u32))).await.unwrap();
    assert_eq!(whereis("7"), text.pid());
    assert_eq!(whereis(&"7".to_owned()), text.pid());
    assert_eq!(whereis(&Arc::<str>::from("7")), text.pid());
    assert_eq!(whereis(&7_u32), number.pid());
    assert_eq!(whereis(&7_u64), None);
    assert_eq!(whereis(&("7", 7_u32)), pair.pid());
    // A holder of another type counts as nobody.
    assert_eq!(
        Server::<Queued>::named(Name::from_static("7"))
            .call(get())
            .await,
        Err(CallError::NoProc)
    );
    assert!(Server::<Queued>::whereis("7").is_none());
    assert_eq!(Server::<Plain>::whereis("7").unwrap().pid(), text.pid());
}

/// A name's holder may be busy, full or slow, and still keeps its name; `name()` that panics is a failed start.
#[tokio::test(start_paused = true)]
async fn a_name_is_kept_while_its_holder_waits_in_a_handler() {
    let log = Log::new();
    let holder = named::<Plain>(&log, "busy").await.unwrap();
    let (open, busy) = gated();
    holder.cast(busy).await.unwrap();
    log.until("started", 1).await;
    assert_eq!(
        named::<Plain>(&log, "busy").await.unwrap_err(),
        StartError::AlreadyStarted(holder.pid().unwrap())
    );
    open.send(()).unwrap();
    log.until("done", 1).await;
    assert_eq!(
        holder.call(does(|_, _| whereis("busy"))).await,
        Ok(holder.pid())
    );
}

/// The place of a supervised child leads to its incarnation, and to nobody once it has ended for good.
#[tokio::test(start_paused = true)]
async fn a_place_follows_the_child_across_restarts() {
    let log = Log::new();
    let handle = place::<Plain>();
    let watched = handle.clone();
    let script = Script::new("a", &log);
    let _sup =
        Sup::start(move |spec| spec.child(child(&handle, &script).restart(Restart::Transient)))
            .await
            .unwrap();
    let first = watched.pid().unwrap();
    watched.kill();
    log.until("a init", 2).await;
    assert_ne!(watched.pid(), Some(first));
    assert_eq!(watched.call(get()).await, Ok(0));
    watched.stop().await.unwrap();
    assert_eq!(watched.call(get()).await, Err(CallError::NoProc));
    assert_eq!(
        <Probe<Plain> as GenServer>::Client::from(<Probe<Plain> as Child>::vacant()).pid(),
        None
    );
}

/// Every owned text of std's is a text: equal to the others by content, and found by a `&str`.
#[tokio::test(start_paused = true)]
async fn texts_of_any_type_are_one_name() {
    use std::borrow::Cow;
    use suptree::ChildId;

    let texts = [
        Name::new("room"),
        Name::new(String::from("room")),
        Name::new(Box::<str>::from("room")),
        Name::new(Arc::<str>::from("room")),
        Name::new(Cow::Borrowed("room")),
        Name::new(Cow::<'static, str>::Owned("room".to_owned())),
        Name::new(Name::new(Box::<str>::from("room"))),
    ];
    for name in &texts {
        assert_eq!(*name, Name::from_static("room"));
        assert_eq!(name.to_string(), "room");
        let script = Script::<Plain>::new("a", &Log::new()).named(name.clone());
        let room = suptree::start::<Probe<Plain>>(script).await.unwrap();
        for wanted in &texts {
            assert_eq!(whereis(wanted), room.pid());
        }
        assert_eq!(whereis("room"), room.pid());
        assert_eq!(whereis(&Box::<str>::from("room")), room.pid());
        assert_eq!(whereis(&Cow::Borrowed("room")), room.pid());
        let second = Script::<Plain>::new("b", &Log::new()).named("room");
        assert_eq!(
            suptree::start::<Probe<Plain>>(second).await.err(),
            room.pid().map(StartError::AlreadyStarted)
        );
        room.stop().await.unwrap();
        assert_eq!(whereis("room"), None);
    }
    assert_eq!(ChildId::new(Box::<str>::from("a")), ChildId::from("a"));
}
