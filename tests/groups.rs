//! Process groups: members join, leave and die. The rules are those of OTP's `pg`, tried on a real `erl`.

use std::panic::{AssertUnwindSafe, catch_unwind};

use suptree::{
    Group, GroupEvent, Groups, NotJoined, Pid, RegisterErrorKind, ServerRef, TrySendError,
};

use crate::support::{
    Cx, Kind, Log, Plain, Probe, Server, Tiny, act, does, gated, get, on_every_path, poll_once,
    settle, start,
};

on_every_path! {
    r292_a_process_joins_as_often_as_it_likes_and_leaves_as_often
    r293_a_member_leaves_when_it_dies_before_anybody_sees_that
    r293_a_monitor_tells_who_is_there_and_then_who_joins_and_leaves
}

type Members<K> = Group<Server<K>, &'static str>;

fn pids<K: Kind>(group: &Members<K>) -> Vec<Pid> {
    group.members().iter().filter_map(ServerRef::pid).collect()
}

fn group<K: Kind>() -> Members<K> {
    Groups::new().group("group")
}

async fn r292_a_process_joins_as_often_as_it_likes_and_leaves_as_often<K: Kind>() {
    let (group, log) = (group::<K>(), Log::new());
    let (one, other) = (start::<K>("a", &log).await, start::<K>("b", &log).await);
    let (first, second) = (one.pid().unwrap(), other.pid().unwrap());
    assert!(group.is_empty() && group.members().is_empty());
    // Itself, from its handler; and by anybody.
    let (its, me) = (group.clone(), one.clone());
    let joins = does(move |_: &mut Probe<K>, _: &mut Cx<K>| its.join(&me));
    assert_eq!(one.call(joins).await, Ok(Ok(())));
    group.join(&other).unwrap();
    group.join(&one).unwrap();
    assert_eq!((pids(&group), group.len()), (vec![first, second, first], 3));
    assert_eq!(group.leave(&one), Ok(()));
    let mut left = pids(&group);
    left.sort_unstable();
    assert_eq!(left, [first, second]);
    assert_eq!(group.leave(&one), Ok(()));
    assert_eq!(group.leave(&one), Err(NotJoined));
    assert_eq!(pids(&group), [second]);
    assert_eq!(group.leave(&other), Ok(()));
    assert!(group.is_empty());
    assert_eq!(
        NotJoined.to_string(),
        "the process is no member of the group"
    );
}

/// OTP's has it join and leave.
#[tokio::test(start_paused = true)]
async fn r292_d70_the_dead_do_not_join() {
    let group = group::<Plain>();
    let server = start::<Plain>("a", &Log::new()).await;
    let (_, mut events) = group.monitor();
    server.stop().await.unwrap();
    assert_eq!(group.join(&server), Err(RegisterErrorKind::NoProc));
    assert_eq!(group.leave(&server), Err(NotJoined));
    let nobody = Server::<Plain>::named("nobody".into());
    assert_eq!(group.join(&nobody), Err(RegisterErrorKind::NoProc));
    assert!(group.is_empty());
    assert!(poll_once(&mut Box::pin(events.recv())).is_pending());
}

async fn r293_a_member_leaves_when_it_dies_before_anybody_sees_that<K: Kind>() {
    let (groups, log) = (Groups::<u32, Server<K>>::new(), Log::new());
    for crash in [true, false] {
        let (one, other) = (start::<K>("a", &log).await, start::<K>("b", &log).await);
        for number in [1, 2, 2, 3] {
            groups.group(number).join(&one).unwrap();
        }
        groups.group(2).join(&other).unwrap();
        assert_eq!(groups.which_groups(), [1, 2, 3]);
        let end = one.monitor();
        if crash {
            let boom = does(|_: &mut Probe<K>, _: &mut Cx<K>| panic!("oops"));
            one.call::<_>(boom).await.unwrap_err();
        } else {
            one.kill();
        }
        end.await;
        assert_eq!(groups.which_groups(), [2]);
        let members = groups.group(2).members();
        assert_eq!(
            members.iter().map(ServerRef::pid).collect::<Vec<_>>(),
            [other.pid()]
        );
        other.stop().await.unwrap();
        assert!(groups.which_groups().is_empty());
    }
}

async fn r293_a_monitor_tells_who_is_there_and_then_who_joins_and_leaves<K: Kind>() {
    let groups = Groups::<&'static str, Server<K>>::new();
    let (group, log) = (groups.group("group"), Log::new());
    let (one, other) = (start::<K>("a", &log).await, start::<K>("b", &log).await);
    let (first, second) = (one.pid().unwrap(), other.pid().unwrap());
    group.join(&one).unwrap();
    let (members, mut events) = group.monitor();
    assert_eq!(
        members.iter().map(ServerRef::pid).collect::<Vec<_>>(),
        [Some(first)]
    );
    groups.group("another").join(&other).unwrap();
    for _ in 0..2 {
        group.join(&other).unwrap();
    }
    group.leave(&one).unwrap();
    other.stop().await.unwrap();
    let mut told = Vec::new();
    for _ in 0..5 {
        told.push(match events.recv().await.unwrap() {
            GroupEvent::Join(client) => (true, client.process()),
            GroupEvent::Leave(client) => (false, client.process()),
            event => panic!("{event:?}"),
        });
    }
    // As `pg` has it: one that had joined twice leaves twice.
    let joins: Vec<bool> = told.iter().map(|(joins, _)| *joins).collect();
    assert_eq!(joins, [true, true, false, false, false]);
    assert_eq!(told[2].1.pid(), Some(first));
    let shown: Vec<String> = told
        .iter()
        .map(|(_, process)| format!("{process:?}"))
        .collect();
    let shows = |pid: Pid| format!("ProcessRef({pid})");
    assert_eq!(
        shown,
        [
            shows(second),
            shows(second),
            shows(first),
            shows(second),
            shows(second)
        ]
    );
    assert!(poll_once(&mut Box::pin(events.recv())).is_pending());
    // Those who wait are woken; and who listens no more is forgotten.
    let waits = tokio::spawn(async move { events.recv().await.is_some() });
    settle().await;
    group.join(&one).unwrap();
    assert!(waits.await.unwrap());
    assert_eq!(one.call(get()).await, Ok(0));
}

#[tokio::test(start_paused = true)]
async fn r294_a_broadcast_reaches_every_member_and_tells_who_missed_it() {
    let (group, log) = (Group::new(), Log::new());
    let one = start::<Tiny>("a", &log).await;
    let (full, other) = (
        start::<Tiny>("b", &log).await,
        start::<Tiny>("c", &log).await,
    );
    let (open, holds) = gated::<Tiny>();
    full.cast(holds).await.unwrap();
    settle().await;
    full.cast(act(|_, _| {})).try_send().unwrap();
    for member in [&one, &full, &other] {
        group.join(member).unwrap();
    }
    let missed = group.broadcast(|member| {
        let heard = act(|probe: &mut Probe<Tiny>, _| probe.log(format!("{} heard", probe.id())));
        member.cast(heard).try_send()
    });
    let missed: Vec<_> = missed
        .into_iter()
        .map(|(client, error)| (client.pid(), error))
        .collect();
    assert_eq!(missed, [(full.pid(), TrySendError::Full)]);
    open.send(()).unwrap();
    settle().await;
    for (id, heard) in [("a", 1), ("b", 0), ("c", 1)] {
        assert_eq!(log.count(&format!("{id} heard")), heard);
    }
    // One that has joined twice hears it twice; the closure may change the group, and its panic is its caller's.
    group.leave(&full).unwrap();
    group.join(&one).unwrap();
    let mut calls = 0;
    let missed = group.broadcast(|member| {
        calls += 1;
        group.leave(member)
    });
    assert_eq!((calls, missed.len(), group.len()), (3, 0, 0));
    group.join(&one).unwrap();
    let panics = catch_unwind(AssertUnwindSafe(|| {
        group.broadcast(|_| -> Result<(), ()> { panic!("oops") })
    }));
    assert!(panics.is_err());
    assert_eq!(group.len(), 1);
}
