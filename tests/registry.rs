//! Registries: keys and values of processes, which are gone before anybody sees the death.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use suptree::{
    Duplicate, ExitReason, Name, Pid, RegisterErrorKind, Registry, RegistryEvent, Unique,
    try_self_pid,
};

use crate::support::{
    Cx, Kind, Log, Plain, Probe, Script, Server, act, act_async, does, kept, on_every_path, oops,
    poll_once, settle, start,
};

on_every_path! {
    reg_02_one_process_under_several_keys
    reg_03_a_taken_key_tells_its_holder_and_stays_as_it_is
    reg_04_a_key_leads_nowhere_when_its_holder_is_dead
    reg_08_nobody_unregisters_anothers_key
    reg_09_unregistering_one_of_two_keys_leaves_the_other
    reg_10_only_the_owner_changes_a_value
    reg_14_a_duplicate_key_is_registered_as_often_as_liked_and_unregistered_at_once
    reg_19_entries_are_unregistered_by_their_values
}

type Rooms = Registry<String, i64>;
type Topics = Registry<&'static str, i64, Duplicate>;

/// Has a process do something with a registry, in its handler.
async fn within<K: Kind, R: Send + 'static>(
    server: &Server<K>,
    run: impl FnOnce() -> R + Send + 'static,
) -> R {
    server.call(does(move |_, _| run())).await.unwrap()
}

async fn register<K: Kind>(
    server: &Server<K>,
    rooms: &Rooms,
    key: &str,
    value: i64,
) -> Result<(), RegisterErrorKind> {
    let (rooms, key) = (rooms.clone(), key.to_owned());
    within(server, move || {
        rooms.register(key, value).map_err(|error| error.kind)
    })
    .await
}

fn found(rooms: &Rooms, key: &str) -> Option<(Pid, i64)> {
    rooms.lookup(key).map(|entry| (entry.pid(), *entry.value()))
}

#[tokio::test(start_paused = true)]
async fn reg_01_an_empty_registry_has_nothing() {
    let (rooms, topics) = (Rooms::unique(), Topics::duplicate());
    let server = start::<Plain>("a", &Log::new()).await;
    let pid = server.pid().unwrap();
    assert_eq!(
        (rooms.count(), rooms.is_empty(), found(&rooms, "a")),
        (0, true, None)
    );
    assert!(rooms.whereis("a").is_none() && rooms.keys(pid).is_empty());
    assert_eq!((topics.count(), topics.lookup("a").len()), (0, 0));
    assert!(topics.keys(pid).is_empty() && topics.values("a", pid).is_empty());
    assert_eq!(topics.select(|entry| Some(entry.pid())), []);
    // Two registries are two, also in one program: tests do not meet.
    rooms.register_process(&server, "a".into(), 1).unwrap();
    assert!(Rooms::unique().is_empty());
}

async fn reg_02_one_process_under_several_keys<K: Kind>() {
    let rooms = Rooms::unique();
    let server = start::<K>("a", &Log::new()).await;
    let pid = server.pid().unwrap();
    assert_eq!(register(&server, &rooms, "one", 1).await, Ok(()));
    assert_eq!(register(&server, &rooms, "two", 2).await, Ok(()));
    assert_eq!(found(&rooms, "one"), Some((pid, 1)));
    assert_eq!(found(&rooms, "two"), Some((pid, 2)));
    assert_eq!(rooms.keys(pid), ["one", "two"]);
    assert_eq!((rooms.count(), rooms.values("two", pid)), (2, vec![2]));
    assert_eq!(rooms.whereis("one").and_then(|one| one.pid()), Some(pid));
}

async fn reg_03_a_taken_key_tells_its_holder_and_stays_as_it_is<K: Kind>() {
    let rooms = Rooms::unique();
    let log = Log::new();
    let (holder, other) = (start::<K>("a", &log).await, start::<K>("b", &log).await);
    let pid = holder.pid().unwrap();
    assert_eq!(register(&holder, &rooms, "room", 1).await, Ok(()));
    let taken = Err(RegisterErrorKind::AlreadyRegistered(pid));
    assert_eq!(register(&other, &rooms, "room", 2).await, taken);
    assert_eq!(register(&holder, &rooms, "room", 3).await, taken);
    assert_eq!(found(&rooms, "room"), Some((pid, 1)));
    assert_eq!((rooms.count(), rooms.keys(pid).len()), (1, 1));
    assert!(rooms.keys(other.pid().unwrap()).is_empty());
    // What was not registered is given back.
    let refused = rooms
        .register_process(&other, "room".into(), 4)
        .unwrap_err();
    assert_eq!((refused.key.as_str(), refused.value), ("room", 4));
    assert_eq!(refused.to_string(), format!("already registered: {pid}"));
}

/// Every way to end: a stop, a crash, a kill of one that is idle or waits, a signal of a link.
async fn reg_04_a_key_leads_nowhere_when_its_holder_is_dead<K: Kind>() {
    for way in 0..5 {
        let (rooms, topics) = (Rooms::unique(), Topics::duplicate());
        let log = Log::new();
        let server = start::<K>("a", &log).await;
        let pid = server.pid().unwrap();
        register(&server, &rooms, "room", 1).await.unwrap();
        for value in 0..3 {
            topics.register_process(&server, "topic", value).unwrap();
        }
        let end = server.monitor();
        let ends = match way {
            0 => server.stop().await.is_ok(),
            1 => {
                let crash = does(|_: &mut Probe<K>, _: &mut Cx<K>| panic!("oops"));
                server.call::<_>(crash).await.is_err()
            }
            2 => {
                server.kill();
                true
            }
            3 => {
                let waits = act_async(|probe: &mut Probe<K>, _| {
                    Box::pin(async move {
                        probe.log("waits");
                        std::future::pending::<()>().await;
                    })
                });
                server.cast(waits).await.unwrap();
                log.until("waits", 1).await;
                server.kill();
                true
            }
            _ => server
                .cast(act(|_, cx| cx.stop(oops("enough"))))
                .await
                .is_ok(),
        };
        assert!(ends);
        end.await;
        assert_eq!((found(&rooms, "room"), rooms.count()), (None, 0), "{way}");
        assert_eq!(
            (topics.lookup("topic").len(), topics.count()),
            (0, 0),
            "{way}"
        );
        assert!(rooms.whereis("room").is_none() && rooms.keys(pid).is_empty());
        // And is free.
        let next = start::<K>("b", &log).await;
        rooms.register_process(&next, "room".into(), 2).unwrap();
        assert_eq!(found(&rooms, "room"), Some((next.pid().unwrap(), 2)));
    }
}

/// Whoever hears of a death finds the key free: at once, three hundred times.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn reg_06_a_key_is_free_when_the_monitor_fires() {
    let rooms = Rooms::unique();
    let log = Log::new();
    for round in 0..300 {
        let server = start::<Plain>("a", &log).await;
        let registered = rooms.register_process(&server, "room".into(), round);
        assert_eq!(registered.map_err(|error| error.kind), Ok(()));
        let end = server.monitor();
        server.kill();
        end.await;
        assert_eq!(rooms.count(), 0);
    }
}

async fn reg_08_nobody_unregisters_anothers_key<K: Kind>() {
    let rooms = Rooms::unique();
    let log = Log::new();
    let (holder, other) = (start::<K>("a", &log).await, start::<K>("b", &log).await);
    register(&holder, &rooms, "room", 1).await.unwrap();
    let its = rooms.clone();
    assert!(within(&other, move || its.unregister("room").is_none()).await);
    assert!(rooms.unregister("room").is_none(), "no process runs here");
    assert_eq!(found(&rooms, "room"), Some((holder.pid().unwrap(), 1)));
    let topics = Topics::duplicate();
    topics.register_process(&holder, "topic", 1).unwrap();
    topics.register_process(&other, "topic", 2).unwrap();
    let its = topics.clone();
    assert_eq!(
        within(&other, move || its.unregister("topic").len()).await,
        1
    );
    assert_eq!(topics.lookup("topic")[0].pid(), holder.pid().unwrap());
}

async fn reg_09_unregistering_one_of_two_keys_leaves_the_other<K: Kind>() {
    let rooms = Rooms::unique();
    let server = start::<K>("a", &Log::new()).await;
    register(&server, &rooms, "one", 1).await.unwrap();
    register(&server, &rooms, "two", 2).await.unwrap();
    let its = rooms.clone();
    let value = within(&server, move || {
        its.unregister("one").map(|entry| *entry.value())
    })
    .await;
    assert_eq!(value, Some(1));
    assert_eq!(
        (found(&rooms, "one"), rooms.keys(server.pid().unwrap())),
        (None, vec!["two".into()])
    );
    // It goes with the process still, also when it was away in between.
    let its = rooms.clone();
    assert!(within(&server, move || its.unregister("two").is_some()).await);
    assert!(rooms.is_empty());
    register(&server, &rooms, "three", 3).await.unwrap();
    server.stop().await.unwrap();
    assert!(rooms.is_empty());
}

async fn reg_10_only_the_owner_changes_a_value<K: Kind>() {
    let rooms = Rooms::unique();
    let log = Log::new();
    let (holder, other) = (start::<K>("a", &log).await, start::<K>("b", &log).await);
    register(&holder, &rooms, "room", 20).await.unwrap();
    let update = |server: &Server<K>, key: &'static str| {
        let (its, server) = (rooms.clone(), server.clone());
        async move {
            let update = move || {
                let updated = its.update_value(key, |value| value + 1)?;
                Some((*updated.0.value(), *updated.1.value()))
            };
            within(&server, update).await
        }
    };
    assert_eq!(update(&holder, "room").await, Some((21, 20)));
    assert_eq!(found(&rooms, "room"), Some((holder.pid().unwrap(), 21)));
    assert_eq!(update(&holder, "missing").await, None);
    assert_eq!(update(&other, "room").await, None);
    let its = rooms.clone();
    let called = within(&other, move || {
        let mut called = false;
        its.update_value("room", |value| {
            called = true;
            *value
        });
        called
    });
    assert!(!called.await);
    // A panic in it leaves what was there.
    let its = rooms.clone();
    let panics = within(&holder, move || {
        catch_unwind(AssertUnwindSafe(|| {
            its.update_value("room", |_| panic!("oops"))
        }))
        .is_err()
    });
    assert!(panics.await);
    assert_eq!(rooms.values("room", holder.pid().unwrap()), [21]);
}

async fn reg_14_a_duplicate_key_is_registered_as_often_as_liked_and_unregistered_at_once<
    K: Kind,
>() {
    let topics = Topics::duplicate();
    let log = Log::new();
    let (server, other) = (start::<K>("a", &log).await, start::<K>("b", &log).await);
    let its = topics.clone();
    within(&server, move || {
        for value in [1, 1, 2] {
            its.register("topic", value).unwrap();
        }
        its.register("other", 9).unwrap();
    })
    .await;
    topics.register_process(&other, "topic", 3).unwrap();
    let values = |topics: &Topics| -> Vec<i64> {
        topics
            .lookup("topic")
            .iter()
            .map(|entry| *entry.value())
            .collect()
    };
    assert_eq!((values(&topics), topics.count()), (vec![1, 1, 2, 3], 5));
    assert_eq!(topics.keys(server.pid().unwrap()).len(), 4);
    let its = topics.clone();
    assert_eq!(
        within(&server, move || its.unregister("topic").len()).await,
        3
    );
    assert_eq!(
        (values(&topics), topics.keys(server.pid().unwrap())),
        (vec![3], vec!["other"])
    );
}

#[tokio::test(start_paused = true)]
async fn reg_15_dispatch_hands_the_entries_of_a_key_to_a_function_of_the_callers() {
    let topics = Topics::duplicate();
    let log = Log::new();
    let (server, other) = (
        start::<Plain>("a", &log).await,
        start::<Plain>("b", &log).await,
    );
    topics.register_process(&server, "topic", 1).unwrap();
    topics.register_process(&other, "topic", 2).unwrap();
    topics.register_process(&other, "another", 3).unwrap();
    let mut seen = Vec::new();
    topics.dispatch("topic", |entries| {
        assert_eq!(try_self_pid(), None, "it runs in the caller");
        // The registry can be asked, and changed.
        assert_eq!(topics.count(), 3);
        topics.register_process(&server, "third", 4).unwrap();
        seen.extend(entries.iter().map(|entry| (entry.pid(), *entry.value())));
    });
    assert_eq!(
        seen,
        [(server.pid().unwrap(), 1), (other.pid().unwrap(), 2)]
    );
    topics.dispatch("nobody", |_| panic!("it is not called"));
}

#[tokio::test(start_paused = true)]
async fn reg_16_a_dispatch_that_panics_hurts_its_caller_alone() {
    let topics = Topics::duplicate();
    let log = Log::new();
    let (server, caller) = (
        start::<Plain>("a", &log).await,
        start::<Plain>("b", &log).await,
    );
    topics.register_process(&server, "topic", 1).unwrap();
    let its = topics.clone();
    let crash = caller.call(does(move |_, _| its.dispatch("topic", |_| panic!("oops"))));
    assert!(crash.await.is_err());
    assert!(server.is_alive() && !caller.is_alive());
    assert_eq!(topics.lookup("topic").len(), 1);
    topics.register_process(&server, "topic", 2).unwrap();
}

#[tokio::test(start_paused = true)]
async fn reg_18_entries_are_matched_and_counted() {
    let topics = Topics::duplicate();
    let log = Log::new();
    let (server, other) = (
        start::<Plain>("a", &log).await,
        start::<Plain>("b", &log).await,
    );
    for value in [1, 5, 9] {
        topics.register_process(&server, "topic", value).unwrap();
        topics.register_process(&other, "another", -value).unwrap();
    }
    let matched = topics.match_key("topic", |value| *value > 1);
    let matched: Vec<i64> = matched.iter().map(|entry| *entry.value()).collect();
    assert_eq!(matched, [5, 9]);
    assert_eq!(topics.count_match("topic", |value| *value < 0), 0);
    assert_eq!(topics.count_match("another", |value| *value < 0), 3);
    let selected = topics.select(|entry| (*entry.value() % 2 != 0).then(|| *entry.value()));
    assert_eq!(selected, [1, -1, 5, -5, 9, -9]);
    let pid = other.pid().unwrap();
    assert_eq!(topics.count_select(|entry| entry.pid() == pid), 3);
    let panics = catch_unwind(AssertUnwindSafe(|| {
        topics.select(|_| -> Option<()> { panic!("oops") })
    }));
    assert!(panics.is_err());
    assert_eq!(topics.count(), 6);
}

async fn reg_19_entries_are_unregistered_by_their_values<K: Kind>() {
    let topics = Topics::duplicate();
    let log = Log::new();
    let (server, other) = (start::<K>("a", &log).await, start::<K>("b", &log).await);
    for value in [1, 2, 3] {
        topics.register_process(&server, "topic", value).unwrap();
        topics.register_process(&other, "topic", value).unwrap();
    }
    let its = topics.clone();
    let gone = within(&server, move || {
        its.unregister_match("topic", |value| *value != 2).len()
    });
    assert_eq!(gone.await, 2);
    assert_eq!(topics.values("topic", server.pid().unwrap()), [2]);
    assert_eq!(topics.values("topic", other.pid().unwrap()), [1, 2, 3]);
    assert!(
        topics.unregister_match("topic", |_| true).is_empty(),
        "no process runs here"
    );
    assert_eq!(topics.count(), 4);
}

/// Elixir's listeners hear nothing of a crash.
#[tokio::test(start_paused = true)]
async fn reg_20_d69_listeners_hear_of_registrations_and_their_ends_in_order() {
    let rooms = Rooms::unique();
    let log = Log::new();
    let (server, other) = (
        start::<Plain>("a", &log).await,
        start::<Plain>("b", &log).await,
    );
    rooms.register_process(&server, "before".into(), 0).unwrap();
    let mut events = rooms.listen();
    assert!(poll_once(&mut Box::pin(events.recv())).is_pending());
    rooms.register_process(&server, "one".into(), 1).unwrap();
    rooms.register_process(&other, "one".into(), 9).unwrap_err();
    let its = rooms.clone();
    within(&server, move || {
        its.update_value("one", |value| value + 1);
        its.unregister("one").map(drop)
    })
    .await;
    rooms.register_process(&other, "one".into(), 3).unwrap();
    server.call(does(|_, _| panic!("oops"))).await.unwrap_err();
    let mut heard = Vec::new();
    for _ in 0..4 {
        heard.push(match events.recv().await.unwrap() {
            RegistryEvent::Registered(entry) => (true, entry.key().clone(), *entry.value()),
            RegistryEvent::Unregistered(entry) => (false, entry.key().clone(), *entry.value()),
            other => panic!("{other:?}"),
        });
    }
    let one = |on, value| (on, "one".to_owned(), value);
    let expected = [
        one(true, 1),
        one(false, 2),
        one(true, 3),
        (false, "before".to_owned(), 0),
    ];
    assert_eq!(heard, expected);
    assert!(poll_once(&mut Box::pin(events.recv())).is_pending());
    // Those who wait hear that there is no registry any more.
    let waits = tokio::spawn(async move { events.recv().await.is_none() });
    settle().await;
    drop(rooms);
    assert!(waits.await.unwrap());
    assert!(other.is_alive());
}

#[tokio::test(start_paused = true)]
async fn reg_25_keys_that_look_alike_are_different() {
    let names = Registry::<Name, u8>::unique();
    let server = start::<Plain>("a", &Log::new()).await;
    let keys = [
        Name::new(1_i32),
        Name::new(1_u8),
        Name::new("1"),
        Name::new((1, 0)),
        Name::new([1, 0]),
    ];
    for (value, key) in (0..).zip(&keys) {
        names.register_process(&server, key.clone(), value).unwrap();
    }
    for (value, key) in (0..).zip(&keys) {
        assert_eq!(names.lookup(key).map(|entry| *entry.value()), Some(value));
    }
    assert!(names.lookup(&Name::new(1_i64)).is_none());
    assert_eq!(names.count(), 5);
}

#[tokio::test(start_paused = true)]
async fn reg_26_a_lock_by_key_keeps_others_out_and_is_released_however_its_holder_ends() {
    let registry = Registry::<&'static str>::unique();
    let log = Log::new();
    // Same key: one after the other, in order. Different keys: at once.
    let held = registry.lock("key").await;
    assert_eq!(*held.key(), "key");
    drop(registry.lock("another").await);
    let wait = |name: &'static str| {
        let (registry, log) = (registry.clone(), log.clone());
        tokio::spawn(async move {
            let _held = registry.lock("key").await;
            log.push(name);
            tokio::task::yield_now().await;
            log.push(name);
        })
    };
    let (first, gives_up, last) = (wait("first"), wait("gives up"), wait("last"));
    settle().await;
    assert_eq!(log.all().len(), 0);
    gives_up.abort();
    assert!(gives_up.await.is_err());
    drop(held);
    first.await.unwrap();
    last.await.unwrap();
    assert_eq!(log.all(), ["first", "first", "last", "last"]);

    // A holder that panics, and one that is killed while it holds it.
    let panics = registry.clone();
    let panics = tokio::spawn(async move {
        let _held = panics.lock("key").await;
        panic!("oops");
    });
    assert!(panics.await.is_err());
    let server = start::<Plain>("a", &Log::new()).await;
    let its = registry.clone();
    let holds = act_async(move |_: &mut Probe<Plain>, _| {
        Box::pin(async move {
            let _held = its.lock("key").await;
            std::future::pending::<()>().await;
        })
    });
    server.cast(holds).await.unwrap();
    settle().await;
    let mut next = Box::pin(registry.lock("key"));
    assert!(poll_once(&mut next).is_pending());
    server.kill();
    drop(next.await);
    // Who was to have it and goes passes it on.
    let held = registry.lock("key").await;
    let (mut gone, mut next) = (
        Box::pin(registry.lock("key")),
        Box::pin(registry.lock("key")),
    );
    assert!(poll_once(&mut gone).is_pending() && poll_once(&mut next).is_pending());
    drop(held);
    drop(gone);
    assert!(poll_once(&mut next).is_ready());
}

#[tokio::test(start_paused = true)]
async fn reg_28_a_registry_holds_values_of_its_own() {
    let rooms = Rooms::unique();
    rooms.put_meta("limit", 1_u32);
    rooms.put_meta("limit", 2_u32);
    rooms.put_meta(String::from("owner"), "me".to_owned());
    assert_eq!(rooms.clone().meta::<u32>("limit").as_deref(), Some(&2));
    assert!(rooms.meta::<i64>("limit").is_none() && rooms.meta::<u32>("other").is_none());
    rooms.delete_meta("limit");
    assert!(rooms.meta::<u32>("limit").is_none() && rooms.is_empty());
    assert_eq!(rooms.meta::<String>("owner").unwrap().as_str(), "me");
}

/// A name is for life (D26); a key of a registry is not.
#[tokio::test(start_paused = true)]
async fn prc_19_a_running_process_is_registered_once_under_a_key_and_a_dead_one_never() {
    let rooms = Rooms::unique();
    let log = Log::new();
    let script = Script::<Plain>::new("a", &log).named("its name");
    let server = suptree::start::<Probe<Plain>>(script).await.unwrap();
    let pid = server.pid().unwrap();
    rooms.register_process(&server, "second".into(), 1).unwrap();
    rooms
        .register_process(&server.process(), "third".into(), 1)
        .unwrap();
    let taken = rooms
        .register_process(&server, "third".into(), 1)
        .unwrap_err();
    assert_eq!(taken.kind, RegisterErrorKind::AlreadyRegistered(pid));
    assert_eq!(suptree::whereis("its name"), Some(pid));
    server.stop().await.unwrap();
    let dead = rooms
        .register_process(&server, "room".into(), 7)
        .unwrap_err();
    assert_eq!((dead.kind, dead.value), (RegisterErrorKind::NoProc, 7));
    let outside = rooms.register("room".into(), 8).unwrap_err();
    assert_eq!(
        (outside.kind, outside.value),
        (RegisterErrorKind::OutsideOfProcess, 8)
    );
    assert!(rooms.is_empty());
}

/// Says by whom it was dropped.
struct Told(Arc<Mutex<Vec<Option<Pid>>>>);

impl Drop for Told {
    fn drop(&mut self) {
        self.0.lock().unwrap().push(try_self_pid());
    }
}

/// Not by who killed it: a destructor may block.
#[tokio::test(start_paused = true)]
async fn r290_what_a_dead_process_was_registered_with_is_dropped_by_itself_before_its_death_is_told()
 {
    let registry = Registry::<u8, Told, Unique>::unique();
    let log = Log::new();
    let server = start::<Plain>("a", &log).await;
    let told = Arc::default();
    registry
        .register_process(&server, 1, Told(Arc::clone(&told)))
        .unwrap();
    let pid = server.pid();
    let end = server.monitor();
    let killer = start::<Plain>("b", &log).await;
    let victim = server.clone();
    let in_killer = Arc::clone(&told);
    let dropped_there = killer.call(does(move |_, _| {
        victim.kill();
        in_killer.lock().unwrap().len()
    }));
    assert_eq!(dropped_there.await, Ok(0));
    assert!(
        !server.is_alive() && registry.is_empty(),
        "it is registered no more at once"
    );
    end.await;
    assert_eq!(*told.lock().unwrap(), [pid]);

    // One that is a user's to keep outlives the process.
    let server = start::<Plain>("c", &log).await;
    registry
        .register_process(&server, 1, Told(Arc::clone(&told)))
        .unwrap();
    let entry = registry.lookup(&1).unwrap();
    server.stop().await.unwrap();
    assert!(registry.lookup(&1).is_none());
    assert_eq!(told.lock().unwrap().len(), 1);
    drop(entry);
    assert_eq!(told.lock().unwrap().len(), 2);
}

/// A registration that meets the death of its process leaves nothing behind.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r291_a_registration_that_meets_a_death_leaves_nothing() {
    let (rooms, topics) = (Rooms::unique(), Topics::duplicate());
    let log = Log::new();
    for round in 0..300 {
        let server = start::<Plain>("a", &log).await;
        let end = server.monitor();
        let (its, theirs, victim) = (rooms.clone(), topics.clone(), server.clone());
        let registers = tokio::spawn(async move {
            for value in 0..20 {
                let _dead = its.register_process(&victim, value.to_string(), value);
                let _dead = theirs.register_process(&victim, "topic", value);
            }
        });
        if round % 2 == 0 {
            tokio::task::yield_now().await;
        }
        server.kill();
        end.await;
        registers.await.unwrap();
        assert_eq!((rooms.count(), topics.count()), (0, 0), "round {round}");
    }
}

/// The registry goes with its last handle, whoever is registered in it; and they go on.
#[tokio::test(start_paused = true)]
async fn d68_a_registry_goes_with_its_last_handle() {
    let told = Arc::default();
    let server = start::<Plain>("a", &Log::new()).await;
    for _ in 0..3 {
        let registry = Registry::<u8, Told, Unique>::unique();
        registry
            .register_process(&server, 1, Told(Arc::clone(&told)))
            .unwrap();
        drop(registry);
    }
    assert_eq!(told.lock().unwrap().len(), 3);
    let again = Rooms::unique();
    again.register_process(&server, "room".into(), 1).unwrap();
    let mut call = Box::pin(kept(&server));
    assert!(poll_once(&mut call).is_pending());
    server.kill();
    assert!(call.await.is_err() && again.is_empty());
    assert_eq!(server.monitor().await.reason, ExitReason::NoProc);
}

/// Who sees that a process is dead finds no keys and values of it, however many are about to be taken out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r384_a_process_that_is_seen_dead_has_no_keys_and_values() {
    const MANY: usize = 10_000;
    for _ in 0..5 {
        let registry = Registry::<usize, usize>::unique();
        let server = start::<Plain>("a", &Log::new()).await;
        let pid = server.pid().unwrap();
        for key in 0..MANY {
            registry.register_process(&server, key, key).unwrap();
        }
        let (looks, watched) = (registry.clone(), server.clone());
        let looking = tokio::task::spawn_blocking(move || {
            while watched.is_alive() {
                std::hint::spin_loop();
            }
            let last = MANY - 1;
            let found = looks.lookup(&last).map(|entry| entry.pid());
            (looks.keys(pid), looks.values(&last, pid), found)
        });
        server.kill();
        assert_eq!(looking.await.unwrap(), (vec![], vec![], None));
        server.monitor().await;
        assert!(registry.is_empty());
    }
}
