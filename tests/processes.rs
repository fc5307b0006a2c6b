//! The process table: what it shows of servers and supervisors; and a process that no kill can reach.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use suptree::{
    ExitReason, ProcessRef, Shutdown, Status, StopError, process_info, processes, unlink, whereis,
};

use crate::support::{
    Cx, Kind, Log, NamedSup, Plain, Probe, Queued, Script, Server, Sup, Traps, act, child, does,
    gated, get, ms, on_every_path, oops, place, settle, start, start_link_from,
};

on_every_path! {
    a_line_follows_its_server
    unlink_of_ones_own_child_is_symmetric
}

async fn a_line_follows_its_server<K: Kind>() {
    let log = Log::new();
    let script = Script::<K>::new("a", &log)
        .named("line")
        .init_sleeps(ms(10));
    let starting = tokio::spawn(async move { suptree::start::<Probe<K>>(script).await.unwrap() });
    log.until("a init", 1).await;
    let pid = whereis("line").unwrap();
    let status = || process_info(pid).unwrap().status;
    assert_eq!(status(), Status::Starting);
    let server = starting.await.unwrap();
    assert_eq!(status(), Status::Idle);
    let (open, busy) = gated();
    server.cast(busy).await.unwrap();
    log.until("started", 1).await;
    settle().await;
    server.cast(act(|_, _| {})).await.unwrap();
    server.cast(act(|_, _| {})).await.unwrap();
    let line = server.info().unwrap();
    assert_eq!(
        (line.status, line.mailbox_len, line.handled),
        (Status::Waiting, 2, 0)
    );
    open.send(()).unwrap();
    assert_eq!(server.call(get()).await, Ok(0));
    settle().await;
    let line = server.info().unwrap();
    assert_eq!(
        (line.status, line.mailbox_len, line.handled),
        (Status::Idle, 0, 4)
    );
    assert_eq!((line.pid, line.parent, line.traps_exit), (pid, None, false));
    assert_eq!(line.name.unwrap().to_string(), "line");
    assert_eq!(line.type_name, std::any::type_name::<Probe<K>>());
    server.stop().await.unwrap();
    assert!(process_info(pid).is_none());
}

#[tokio::test(start_paused = true)]
async fn the_table_shows_a_tree_in_start_order() {
    let log = Log::new();
    let (handle, script) = (place::<Traps>(), Script::<Traps>::new("a", &log));
    let server = handle.clone();
    let sup = NamedSup::start(move |spec| spec.child(child(&handle, &script)))
        .await
        .unwrap();
    let all: Vec<_> = processes()
        .into_iter()
        .map(|line| (line.pid, line.parent, line.traps_exit))
        .collect();
    let (top, child) = (sup.pid().unwrap(), server.pid().unwrap());
    assert_eq!(all, [(top, None, true), (child, Some(top), true)]);
    server.kill();
    log.until("a init", 2).await;
    settle().await;
    assert_eq!(sup.info().unwrap().restarts, 1);
    assert_eq!(processes().len(), 2);
    sup.stop().await.unwrap();
    assert!(processes().is_empty());
}

/// A parent that is no supervisor unlinks its child: from then on neither dies of the other.
async fn unlink_of_ones_own_child_is_symmetric<K: Kind>() {
    for child_crashes in [false, true] {
        let log = Log::new();
        let parent = start::<Plain>("parent", &log).await;
        let server: Server<K> = start_link_from(&parent, Script::new("a", &log)).await;
        let pid = server.pid().unwrap();
        parent
            .call(does(move |_: &mut Probe<Plain>, _: &mut Cx<Plain>| {
                unlink(pid);
            }))
            .await
            .unwrap();
        if child_crashes {
            server.exit(oops("boom"));
        } else {
            parent.exit(oops("boom"));
        }
        settle().await;
        assert_eq!(
            (server.is_alive(), parent.is_alive()),
            (!child_crashes, child_crashes)
        );
    }
}

/// D17, on threads and in real time: a poll that never returns cannot be killed in Rust, and holds nobody up.
#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn sup_87_r30_a_child_that_never_yields_is_left_behind() {
    let log = Log::new();
    let (free, spins) = (Arc::<AtomicBool>::default(), Arc::<AtomicBool>::default());
    let spins_now = Arc::clone(&spins);
    let (handle, script) = (
        place::<Queued>(),
        Script::<Queued>::new("a", &log).named("spinner"),
    );
    let server = handle.clone();
    let sup = NamedSup::start(move |spec| {
        spec.child(child(&handle, &script).shutdown(Shutdown::Timeout(Duration::from_millis(100))))
    })
    .await
    .unwrap();
    let until = Arc::clone(&free);
    let spin = does(move |_: &mut Probe<Queued>, _: &mut Cx<Queued>| {
        spins_now.store(true, Ordering::SeqCst);
        while !until.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(1));
        }
    });
    let caller = server.clone();
    let calling = tokio::spawn(async move { caller.call(spin).no_timeout().await });
    while !spins.load(Ordering::SeqCst) {
        tokio::task::yield_now().await;
    }
    let (down, began) = (server.monitor(), Instant::now());
    sup.stop().await.unwrap();
    let took = began.elapsed();
    assert!(
        took >= Duration::from_millis(100) && took < Duration::from_secs(4),
        "{took:?}"
    );
    assert_eq!(down.await.reason, ExitReason::Killed);
    assert_eq!(whereis("spinner"), None);
    assert!(!server.is_alive());
    let again = suptree::start::<Probe<Plain>>(Script::new("b", &log).named("spinner"))
        .await
        .unwrap();
    // The caller is told while the handler still spins, and its state is still in use.
    let told = Err(suptree::CallError::Exited(ExitReason::Killed));
    assert_eq!(calling.await.unwrap(), told);
    assert_eq!(log.count("a drop"), 0);
    free.store(true, Ordering::SeqCst);
    log.until("a drop", 1).await;
    assert_eq!(
        whereis("spinner"),
        again.pid(),
        "what it leaves behind does not touch the next holder"
    );
}

/// What a server that was left behind still answers comes after its death: its callers have their answer already.
#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn sup_87_a_reply_after_the_death_is_not_taken() {
    let log = Log::new();
    let (free, handle) = (Arc::<AtomicBool>::default(), place::<Queued>());
    let (server, script) = (handle.clone(), Script::<Queued>::new("a", &log));
    let sup = NamedSup::start(move |spec| {
        spec.child(child(&handle, &script).shutdown(Shutdown::BrutalKill))
    })
    .await
    .unwrap();
    let until = Arc::clone(&free);
    let spin = does(move |probe: &mut Probe<Queued>, _: &mut Cx<Queued>| {
        probe.log("spins");
        while !until.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(1));
        }
    });
    let mut calling = server.call(spin).no_timeout().into_future();
    assert!(crate::support::poll_once(&mut calling).is_pending());
    log.until("spins", 1).await;
    let down = server.monitor();
    sup.stop().await.unwrap();
    assert_eq!(down.await.reason, ExitReason::Killed);
    free.store(true, Ordering::SeqCst);
    log.until("a drop", 1).await;
    assert_eq!(
        calling.await,
        Err(suptree::CallError::Exited(ExitReason::Killed))
    );
}

/// What can be done with any process, whatever it is, and by whichever reference.
#[tokio::test]
async fn any_process_can_be_referred_to() {
    let log = Log::new();
    let server = suptree::start::<Probe<Plain>>(Script::new("a", &log).named("a process"))
        .await
        .unwrap();
    let supervisor = Sup::start(|spec| spec).await.unwrap();
    let processes: Vec<ProcessRef> = vec![
        server.process(),
        Server::<Plain>::named("a process".into()).process(),
        ProcessRef::whereis("a process").unwrap(),
        supervisor.process(),
    ];
    let pids: Vec<_> = processes.iter().map(ProcessRef::pid).collect();
    let (one, other) = (server.pid(), supervisor.pid());
    assert_eq!(pids, [one, one, one, other]);
    assert_eq!(format!("{:?}", processes[1]), "ProcessRef(\"a process\")");

    let downs = [processes[1].monitor(), processes[3].monitor()];
    processes[1].stop_with(ExitReason::Shutdown).await.unwrap();
    processes[3].stop().await.unwrap();
    for (down, reason) in downs
        .into_iter()
        .zip([ExitReason::Shutdown, ExitReason::Normal])
    {
        assert_eq!(down.await.reason, reason);
    }
    for process in processes {
        assert!(!process.is_alive());
        assert!(process.info().is_none());
        assert_eq!(process.stop().await, Err(StopError::NoProc));
        assert_eq!(process.monitor().await.reason, ExitReason::NoProc);
    }
}
