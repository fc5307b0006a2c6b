//! Links: which processes die together, and which only hear of it.

use suptree::{ExitReason, exit, link, unlink};

use crate::support::{
    Cx, Kind, Log, Plain, Probe, Script, Server, Sup, Traps, act, child, does, get, on_every_path,
    oops, place, settle, start, start_link_from,
};

on_every_path! {
    gs_55_a_linked_strangers_crash_ends_a_server
    prc_05_a_linked_peers_normal_end_does_not
    prc_09_a_link_to_the_dead_is_an_exit_with_noproc
    prc_10_after_unlink_a_crash_is_nothing
    a_link_made_in_a_handler_is_the_servers
}

/// Links `a` with `b`, from inside `a`.
async fn link_both<A: Kind, B: Kind>(a: &Server<A>, b: &Server<B>) {
    let pid = b.pid().unwrap();
    a.call(does(move |_: &mut Probe<A>, _: &mut Cx<A>| link(pid)))
        .await
        .unwrap();
}

async fn gs_55_a_linked_strangers_crash_ends_a_server<K: Kind>() {
    for from_the_other_side in [false, true] {
        let log = Log::new();
        let (server, stranger) = (start::<K>("a", &log).await, start::<K>("s", &log).await);
        if from_the_other_side {
            link_both(&stranger, &server).await;
        } else {
            link_both(&server, &stranger).await;
        }
        let down = server.monitor();
        stranger.exit(oops("xx"));
        assert_eq!(down.await.reason, oops("xx"));
        assert_eq!(log.with("a "), ["a init", "a drop"], "without terminate");
    }
}

#[tokio::test(start_paused = true)]
async fn gs_56_a_server_that_traps_exits_hears_of_a_normal_end() {
    let log = Log::new();
    let (server, worker) = (
        start::<Traps>("a", &log).await,
        start::<Plain>("w", &log).await,
    );
    link_both(&server, &worker).await;
    worker.stop().await.unwrap();
    log.until("a exit normal", 1).await;
    assert_eq!(server.call(get()).await, Ok(0));
    // Also the end of a child of its own.
    let child = start_link_from(&server, Script::<Plain>::new("c", &log)).await;
    child.kill();
    log.until("a exit killed", 1).await;
    assert!(server.is_alive());
}

#[tokio::test(start_paused = true)]
async fn prc_03_the_reason_kill_that_a_process_chose_itself_is_an_ordinary_one() {
    let log = Log::new();
    let dying = start::<Plain>("d", &log).await;
    let (traps, plain) = (
        start::<Traps>("t", &log).await,
        start::<Plain>("p", &log).await,
    );
    link_both(&traps, &dying).await;
    link_both(&plain, &dying).await;
    let down = (dying.monitor(), plain.monitor());
    dying
        .cast(act(|_, cx| cx.stop(ExitReason::Kill)))
        .await
        .unwrap();
    assert_eq!(down.0.await.reason, ExitReason::Kill);
    assert_eq!(down.1.await.reason, ExitReason::Kill, "not killed");
    log.until("t exit kill", 1).await;
    assert!(traps.is_alive());
    assert_eq!(log.with("d terminate"), ["d terminate kill"]);
}

#[tokio::test(start_paused = true)]
async fn prc_04_a_kill_is_seen_as_killed_by_the_links() {
    let log = Log::new();
    let dying = start::<Traps>("d", &log).await;
    let (traps, plain) = (
        start::<Traps>("t", &log).await,
        start::<Plain>("p", &log).await,
    );
    link_both(&traps, &dying).await;
    link_both(&plain, &dying).await;
    let down = (dying.monitor(), plain.monitor());
    dying.kill();
    assert_eq!(down.0.await.reason, ExitReason::Killed);
    assert_eq!(down.1.await.reason, ExitReason::Killed);
    log.until("t exit killed", 1).await;
    assert!(traps.is_alive());
}

async fn prc_05_a_linked_peers_normal_end_does_not<K: Kind>() {
    let log = Log::new();
    let (server, peer) = (start::<K>("a", &log).await, start::<K>("p", &log).await);
    link_both(&server, &peer).await;
    peer.stop().await.unwrap();
    settle().await;
    assert_eq!(server.call(get()).await, Ok(0));
}

#[tokio::test(start_paused = true)]
async fn prc_06_linking_twice_is_one_link() {
    let log = Log::new();
    let (server, peer) = (
        start::<Traps>("a", &log).await,
        start::<Plain>("p", &log).await,
    );
    link_both(&server, &peer).await;
    link_both(&server, &peer).await;
    link_both(&peer, &server).await;
    peer.exit(oops("boom"));
    log.until("a exit an error was returned: boom", 1).await;
    settle().await;
    assert_eq!(log.with("exit").len(), 1);
}

/// Also to a server that does not trap exits, where Erlang's `link` raises (D11).
async fn prc_09_a_link_to_the_dead_is_an_exit_with_noproc<K: Kind>() {
    let log = Log::new();
    let dead = start::<K>("dead", &log).await;
    let pid = dead.pid().unwrap();
    dead.stop().await.unwrap();
    let traps = start::<Traps>("t", &log).await;
    traps.call(does(move |_, _| link(pid))).await.unwrap();
    log.until("t exit no process", 1).await;
    assert!(traps.is_alive());
    let plain = start::<K>("p", &log).await;
    let down = plain.monitor();
    plain.cast(act(move |_, _| link(pid))).await.unwrap();
    assert_eq!(down.await.reason, ExitReason::NoProc);
}

async fn prc_10_after_unlink_a_crash_is_nothing<K: Kind>() {
    for from_the_other_side in [false, true] {
        let log = Log::new();
        let (server, peer) = (start::<K>("a", &log).await, start::<K>("p", &log).await);
        link_both(&server, &peer).await;
        let (one, other) = if from_the_other_side {
            (&peer, &server)
        } else {
            (&server, &peer)
        };
        let pid = other.pid().unwrap();
        one.call(does(move |_, _| unlink(pid))).await.unwrap();
        peer.exit(oops("boom"));
        peer.monitor().await;
        settle().await;
        assert_eq!(server.call(get()).await, Ok(0));
    }
}

async fn a_link_made_in_a_handler_is_the_servers<K: Kind>() {
    // The caller runs the handler in place: it is the callee that is linked, not the caller.
    let log = Log::new();
    let (caller, callee) = (
        start::<K>("caller", &log).await,
        start::<K>("callee", &log).await,
    );
    let peer = start::<Plain>("peer", &log).await;
    let pid = peer.pid().unwrap();
    let asked = callee.clone();
    let asking = crate::support::does_async(move |_: &mut Probe<K>, _: &mut Cx<K>| {
        Box::pin(async move {
            asked
                .call(does(move |_: &mut Probe<K>, _: &mut Cx<K>| link(pid)))
                .await
                .unwrap();
        })
    });
    caller.call(asking).await.unwrap();
    let down = callee.monitor();
    exit(pid, oops("boom"));
    assert_eq!(down.await.reason, oops("boom"));
    settle().await;
    assert!(caller.is_alive());
}

#[tokio::test(start_paused = true)]
async fn prc_13_a_chain_of_links_dies_with_the_reason_of_the_first() {
    let log = Log::new();
    let mut chain = Vec::new();
    for _ in 0..10_000 {
        let server = start::<Plain>("a", &log).await;
        if let Some(before) = chain.last() {
            link_both(&server, before).await;
        }
        chain.push(server);
    }
    let last = chain.last().unwrap().monitor();
    chain[0].exit(oops("boom"));
    assert_eq!(last.await.reason, oops("boom"));
    assert_eq!(log.count("a drop"), chain.len());
}

#[tokio::test(start_paused = true)]
async fn a_ring_of_links_dies_once() {
    let log = Log::new();
    let mut ring = Vec::new();
    for _ in 0..10 {
        ring.push(start::<Plain>("a", &log).await);
    }
    for (nth, server) in ring.iter().enumerate() {
        link_both(server, &ring[(nth + 1) % ring.len()]).await;
    }
    let downs: Vec<_> = ring.iter().map(|server| server.monitor()).collect();
    ring[3].kill();
    for down in downs {
        assert_eq!(down.await.reason, ExitReason::Killed);
    }
    assert_eq!(log.count("a drop"), ring.len());
}

/// D12: in OTP a supervisor never hears again of a child that has unlinked itself.
#[tokio::test(start_paused = true)]
async fn sup_46_a_child_cannot_unlink_itself_from_its_supervisor() {
    let log = Log::new();
    let handle = place::<Plain>();
    let (server, script) = (handle.clone(), Script::new("a", &log));
    let sup = Sup::start(move |spec| spec.child(child(&handle, &script)))
        .await
        .unwrap();
    let leaves = || does(|_, cx: &mut Cx<Plain>| unlink(cx.parent().unwrap()));
    server.call(leaves()).await.unwrap();
    server.exit(oops("boom"));
    log.until("a init", 2).await;
    assert_eq!(sup.count_children().await.unwrap().active, 1);
    server.call(leaves()).await.unwrap();
    let down = server.monitor();
    sup.stop().await.unwrap();
    assert_eq!(down.await.reason, ExitReason::Shutdown);
}

#[tokio::test(start_paused = true)]
async fn a_link_to_itself_is_none() {
    let server = start::<Plain>("a", &Log::new()).await;
    server.call(does(|_, cx| link(cx.pid()))).await.unwrap();
    settle().await;
    assert_eq!(server.call(get()).await, Ok(0));
}

/// D13.
#[test]
fn what_needs_a_process_says_so_outside_one() {
    let uses: [(&str, fn()); 3] = [
        ("link()", || link(nobody())),
        ("unlink()", || unlink(nobody())),
        ("self_pid()", || drop(suptree::self_pid().to_string())),
    ];
    for (function, used) in uses {
        let panic = std::panic::catch_unwind(used).unwrap_err();
        let text = panic.downcast_ref::<String>().expect("a text");
        assert!(
            text.starts_with(&format!("{function} was called outside a process")),
            "{text}"
        );
    }
}

/// The pid of a process that is gone.
fn nobody() -> suptree::Pid {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(async {
        let server = start::<Plain>("a", &Log::new()).await;
        let pid = server.pid().unwrap();
        server.stop().await.unwrap();
        pid
    })
}
