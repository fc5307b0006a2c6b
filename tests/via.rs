//! Servers by a key of a registry: called by it, started under it.

use suptree::{
    CallError, CastError, ExitReason, GenServer, Ignore, Registry, StartError, StopError,
    SupervisorSpec, TrySendError,
};

use crate::support::{
    Cx, Kind, Log, Plain, Probe, Queued, Script, Sup, act, add, child, gated, get, kept, ms,
    on_every_path, oops, place, poll_once, settle, start, supervise,
};

on_every_path! {
    reg_11_a_start_under_a_taken_key_fails_with_its_holder
    reg_12_an_unknown_key_leads_to_nobody
    reg_13_a_key_comes_with_a_value_that_is_not_needed_to_find_it
}

type Servers = Registry<&'static str, i64>;

async fn start_via<K: Kind>(
    script: Script<K>,
    servers: &Servers,
    key: &'static str,
) -> Result<suptree::ServerRef<Probe<K>>, StartError> {
    suptree::start::<Probe<K>>(script).via(servers, key).await
}

async fn reg_11_a_start_under_a_taken_key_fails_with_its_holder<K: Kind>() {
    let (log, servers) = (Log::new(), Servers::unique());
    let holder = start_via::<K>(Script::new("a", &log), &servers, "key")
        .await
        .unwrap();
    let taken = StartError::AlreadyStarted(holder.pid().unwrap());
    for _ in 0..2 {
        let refused = start_via::<K>(Script::new("b", &log), &servers, "key").await;
        assert_eq!(refused.unwrap_err(), taken);
    }
    // Of another type, and linked; and one with a name, which is free again.
    let script = Script::<Queued>::new("c", &log).named("its name");
    let refused = suptree::start_link::<Probe<Queued>>(script)
        .via(&servers, "key")
        .await;
    assert_eq!(refused.unwrap_err(), taken);
    assert_eq!(suptree::whereis("its name"), None);
    assert_eq!(log.all(), ["a init"], "init runs for the holder only");
    assert_eq!(servers.count(), 1);
    holder.stop().await.unwrap();
    start_via::<K>(Script::new("d", &log), &servers, "key")
        .await
        .unwrap();
}

/// What knows the process by its name meanwhile is told that it does not start.
#[tokio::test(start_paused = true)]
async fn reg_11_who_found_it_by_its_name_is_told() {
    let (log, servers) = (Log::new(), Servers::unique());
    start_via::<Plain>(Script::new("a", &log), &servers, "key")
        .await
        .unwrap();
    let by_name = suptree::ServerRef::<Probe<Plain>>::named("its name".into());
    let script = Script::<Plain>::new("b", &log).named("its name");
    let mut starts = Box::pin(suptree::start::<Probe<Plain>>(script).via(&servers, "key"));
    assert!(poll_once(&mut starts).is_ready());
    assert_eq!(by_name.call(get()).await, Err(CallError::NoProc));
    assert_eq!(suptree::processes().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn reg_11_a_key_is_claimed_before_init_and_free_again_when_a_failed_start_is_told() {
    let (log, servers) = (Log::new(), Servers::unique());
    let by_key = Probe::<Plain>::via(&servers, "key");
    // It is found while its `init` runs, and answers afterwards.
    let script = Script::<Plain>::new("a", &log).init_sleeps(ms(100));
    let mut starts = Box::pin(suptree::start::<Probe<Plain>>(script).via(&servers, "key"));
    assert!(poll_once(&mut starts).is_pending());
    let mut call = Box::pin(by_key.call(add(5)));
    assert!(poll_once(&mut call).is_pending());
    let server = starts.await.unwrap();
    assert_eq!(call.await, Ok(5));
    assert_eq!(by_key.pid(), server.pid());
    server.stop().await.unwrap();

    let fails = |reason: ExitReason| Script::<Plain>::new("b", &log).init_fails(reason);
    let panics = Script::<Plain>::new("c", &log).on_init(|_, _| Box::pin(async { panic!("oops") }));
    for script in [fails(oops("no")), fails(Ignore.into()), panics] {
        assert!(start_via(script, &servers, "key").await.is_err());
        assert!(servers.is_empty());
    }
    let slow = || Script::<Plain>::new("d", &log).init_sleeps(ms(100));
    let late = suptree::start::<Probe<Plain>>(slow())
        .timeout(ms(10))
        .via(&servers, "key");
    assert_eq!(late.await.unwrap_err(), StartError::Timeout(ms(10)));
    assert!(servers.is_empty());
    let mut dropped = Box::pin(suptree::start::<Probe<Plain>>(slow()).via(&servers, "key"));
    assert!(poll_once(&mut dropped).is_pending());
    assert_eq!(servers.count(), 1);
    drop(dropped);
    assert!(servers.is_empty());
    // One that is never polled claims nothing.
    drop(suptree::start::<Probe<Plain>>(slow()).via(&servers, "key"));
    assert!(servers.is_empty());
}

/// The `init` of one that is started under a key starts another, which has nothing to do with the key.
#[tokio::test(start_paused = true)]
async fn reg_11_what_init_starts_has_no_part_in_the_key() {
    let (log, servers) = (Log::new(), Servers::unique());
    let (inner, its) = (log.clone(), servers.clone());
    let script = Script::<Plain>::new("a", &log).on_init(move |_, _| {
        let (inner, its) = (inner.clone(), its.clone());
        Box::pin(async move {
            start::<Plain>("b", &inner).await;
            start_via::<Plain>(Script::new("c", &inner), &its, "another")
                .await
                .unwrap();
            start::<Plain>("d", &inner).await;
            Ok(())
        })
    });
    let server = start_via(script, &servers, "key").await.unwrap();
    assert_eq!(servers.count(), 2);
    assert_eq!(servers.keys(server.pid().unwrap()), ["key"]);
    assert_eq!(suptree::processes().len(), 4);
}

async fn reg_12_an_unknown_key_leads_to_nobody<K: Kind>() {
    let (log, servers) = (Log::new(), Servers::unique());
    let by_key = Probe::<K>::via(&servers, "key");
    assert_eq!(by_key.call(get()).await, Err(CallError::NoProc));
    assert_eq!(by_key.cast(act(|_, _| {})).await, Err(CastError::NoProc));
    assert_eq!(
        by_key.cast(act(|_, _| {})).try_send(),
        Err(TrySendError::NoProc)
    );
    assert_eq!(by_key.send(act(|_, _| {})).await, Err(CastError::NoProc));
    assert_eq!(by_key.stop().await, Err(StopError::NoProc));
    assert!(!by_key.is_alive() && by_key.bound().is_none());
    assert_eq!(by_key.monitor().await.reason, ExitReason::NoProc);
    assert_eq!(
        by_key.call(get()).await_restart().await,
        Err(CallError::NoProc)
    );

    // It is looked up at each use: whoever has the key then.
    let (one, other) = (start::<K>("a", &log).await, start::<K>("b", &log).await);
    let registers = |server: &suptree::ServerRef<Probe<K>>, on: bool| {
        let (its, server) = (servers.clone(), server.clone());
        async move {
            let change = crate::support::does(move |_: &mut Probe<K>, _: &mut Cx<K>| {
                if on {
                    its.register("key", 0).unwrap();
                } else {
                    its.unregister("key").unwrap();
                }
            });
            server.call(change).await.unwrap();
        }
    };
    registers(&one, true).await;
    assert_eq!(by_key.call(add(1)).await, Ok(1));
    registers(&one, false).await;
    assert_eq!(by_key.call(get()).await, Err(CallError::NoProc));
    registers(&other, true).await;
    assert_eq!(by_key.call(get()).await, Ok(0));
    assert_eq!(
        (by_key.pid(), by_key.process().pid()),
        (other.pid(), other.pid())
    );
    // Bound, it stays with that one.
    let bound = by_key.bound().unwrap();
    registers(&other, false).await;
    assert_eq!(bound.call(get()).await, Ok(0));
    registers(&one, true).await;
    assert_eq!(by_key.clone().call(get()).await, Ok(1));
    // A server of another type is nobody.
    let others = Probe::<crate::support::Traps>::via(&servers, "key");
    assert_eq!(others.call(get()).await, Err(CallError::NoProc));
    one.stop().await.unwrap();
    assert_eq!(by_key.call(get()).await, Err(CallError::NoProc));
}

async fn reg_13_a_key_comes_with_a_value_that_is_not_needed_to_find_it<K: Kind>() {
    let (log, servers) = (Log::new(), Servers::unique());
    let starting = suptree::start::<Probe<K>>(Script::new("a", &log));
    let server = starting.via_with(&servers, "key", 7).await.unwrap();
    let entry = servers.lookup("key").unwrap();
    assert_eq!((entry.pid(), *entry.value()), (server.pid().unwrap(), 7));
    assert_eq!(Probe::<K>::via(&servers, "key").call(add(2)).await, Ok(2));
    start_via::<K>(Script::new("b", &log), &servers, "default")
        .await
        .unwrap();
    assert_eq!(
        servers.lookup("default").map(|entry| *entry.value()),
        Some(0)
    );
}

/// A call in flight has its answer, or the reason, from the one that it reached.
#[tokio::test(start_paused = true)]
async fn reg_12_a_call_in_flight_stays_with_whom_it_reached() {
    let (log, servers) = (Log::new(), Servers::unique());
    let server = start_via::<Plain>(Script::new("a", &log), &servers, "key")
        .await
        .unwrap();
    let by_key = Probe::<Plain>::via(&servers, "key");
    let (open, holds) = gated::<Plain>();
    by_key.cast(holds).await.unwrap();
    let mut call = Box::pin(kept(&by_key));
    settle().await;
    assert!(poll_once(&mut call).is_pending());
    server.kill();
    assert_eq!(call.await, Err(CallError::Exited(ExitReason::Killed)));
    drop(open);
}

#[tokio::test(start_paused = true)]
async fn reg_11_a_child_is_registered_each_time_it_starts() {
    let (log, servers) = (Log::new(), Servers::unique());
    let handle = place::<Plain>();
    let script = Script::<Plain>::new("a", &log);
    let its = servers.clone();
    let sup = Sup::start(move |spec: SupervisorSpec| {
        spec.child(child(&handle, &script).via(&its, "key", 5))
    })
    .await
    .unwrap();
    let by_key = Probe::<Plain>::via(&servers, "key");
    let first = by_key.pid().unwrap();
    for round in 1..=3 {
        assert_eq!(by_key.call(add(1)).await, Ok(1));
        let end = by_key.monitor();
        by_key.kill();
        end.await;
        log.until("a init", round + 1).await;
        assert_eq!(servers.lookup("key").map(|entry| *entry.value()), Some(5));
    }
    assert_ne!(by_key.pid(), Some(first));
    sup.stop().await.unwrap();
    assert!(servers.is_empty());

    // A key that is taken is a failed start of the supervisor.
    let taken = start_via::<Plain>(Script::new("b", &log), &servers, "key")
        .await
        .unwrap();
    let (handle, script) = (place::<Plain>(), Script::<Plain>::new("c", &log));
    let its = servers.clone();
    let error = Sup::start(move |spec| spec.child(child(&handle, &script).via(&its, "key", 5)))
        .await
        .unwrap_err();
    let StartError::Child { error, .. } = error else {
        panic!("{error}");
    };
    assert_eq!(*error, StartError::AlreadyStarted(taken.pid().unwrap()));
}

/// A supervisor, too, may be started under a key.
#[tokio::test(start_paused = true)]
async fn reg_11_a_supervisor_under_a_key() {
    let (log, servers) = (Log::new(), Servers::unique());
    let starts = || {
        let (handle, script) = (place::<Plain>(), Script::<Plain>::new("a", &log));
        let make = supervise(move |spec| spec.child(child(&handle, &script)));
        suptree::start_link_supervisor::<Sup>(make).via(&servers, "key")
    };
    let sup = starts().await.unwrap();
    assert_eq!(servers.whereis("key").and_then(|sup| sup.pid()), sup.pid());
    let taken = StartError::AlreadyStarted(sup.pid().unwrap());
    assert_eq!(starts().await.unwrap_err(), taken);
    assert_eq!(servers.count(), 1, "its child has no part in it");
    servers.whereis("key").unwrap().stop().await.unwrap();
    assert!(servers.is_empty());
    assert_eq!(log.all(), ["a init", "a drop"]);
}
