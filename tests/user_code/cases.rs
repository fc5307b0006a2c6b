//! What a program does with the crate, in every way: some of the user code in it panics.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use suptree::prelude::*;
use suptree::{
    Agent, AgentSpec, ChildId, ChildSpec, Duplicate, DynamicSupervisor as _, Groups, Name,
    PartitionSupervisor as _, Registry, SharedError, Task, TaskError, TaskRef, TaskSupervisor,
    TaskSupervisorSpec, stopping, whereis,
};
use tokio::time::sleep;

use crate::fault::{Fault, Op, own, panicked, visit};
use crate::wakers::{at_once, leave};
use crate::world::{
    Beside, ByHand, Manual, ManualCall, ManyByHand, Narrow, PartsByHand, Placed, PlacedApp,
    PlacedHouse, PlacedMany, PlacedOuter, Queued, QueuedApp, QueuedHouse, QueuedMany, QueuedOuter,
    Registrant, RegistrantClient, Returning, Returns,
};

/// Less than user code waits.
const SOON: Duration = Duration::from_millis(3);

async fn a_while() {
    sleep(Duration::from_millis(300)).await;
}

/// What came of it is in the test's hands, and goes without user code.
fn spend<E>(result: Result<Fault, E>) {
    if let Ok(value) = result {
        value.spend();
    }
}

fn error(number: u32) -> ExitReason {
    ExitReason::from(Fault::new(number))
}

/// Until it succeeds: one panic is one failure.
macro_rules! started {
    ($start:expr) => {
        loop {
            match $start.await {
                Ok(started) => break started,
                Err(error) => assert!(
                    !matches!(error, StartError::AlreadyStarted(_)),
                    "a name was left behind: {error:?}"
                ),
            }
        }
    };
}

/// Goes through a stream. Its items are made in the test's own poll, where a panic is its own.
macro_rules! streamed {
    ($stream:expr) => {{
        let mut all = $stream;
        while let Some(outcome) = own(async || all.next().await).await {
            spend(outcome);
        }
    }};
}

macro_rules! scenarios {
    ($($module:ident: $server:ident, $app:ident, $outer:ident, $many:ident, $house:ident;)*) => {$(
        pub(crate) mod $module {
            use super::*;

            /// Messages of all sorts, and what becomes of what they carry.
            pub(crate) async fn messages() {
                let app = started!($app::start_link(Fault::new(1)));
                let server = app.server();
                spend(server.swap(Fault::new(1)).await);
                spend(server.later(Fault::new(1)).await);
                spend(server.swap(Fault::new(1)).owned().await);
                // Late replies: of a handler that waits, of a handle that was kept, and one that nobody looks at.
                spend(server.later(Fault::new(1)).timeout(SOON).await);
                a_while().await;
                spend(server.keep().timeout(SOON).await);
                drop(server.answer_kept().await);
                a_while().await;
                let mut unread = Box::pin(server.keep());
                if leave(unread.as_mut()).is_pending() {
                    drop(server.answer_kept().await);
                    a_while().await;
                }
                drop(unread);
                drop(server.take(Fault::new(1)).await);
                drop(server.take_later(Fault::new(1)).await);
                drop(server.take(Fault::new(1)).try_send());
                drop(server.note(Fault::new(1)).await);
                a_while().await;
                // Unread, when the server dies.
                drop(server.take_later(Fault::new(1)).await);
                drop(server.take(Fault::new(1)).await);
                server.kill();
                a_while().await;
                // Refused.
                let gone = app.server().as_ref().bound();
                server.kill();
                if let Some(gone) = gone {
                    let gone = <$server as GenServer>::Client::from(gone);
                    drop(gone.take(Fault::new(1)).await);
                    drop(gone.swap(Fault::new(1)).await);
                    drop(gone.swap(Fault::new(1)).keep_args().await);
                    if let Err(refused) = gone.take(Fault::new(1)).keep_args().await {
                        refused.into_args().into_iter().for_each(Fault::spend);
                    }
                }
                a_while().await;
                assert_eq!(app.server().ping().await.ok(), Some(7));
                app.stop().await.unwrap();
            }

            /// Ends of all sorts, with errors of the user's.
            pub(crate) async fn ends() {
                let app = started!($app::start_link(Fault::new(1)));
                let server = app.server();
                drop(server.fail(Fault::new(1)).await);
                a_while().await;
                spend(server.end(Fault::new(1)).await);
                a_while().await;
                server.process().exit(error(1));
                a_while().await;
                drop(server.stop_with(error(1)).await);
                a_while().await;
                if let Some(pid) = server.pid() {
                    suptree::exit(pid, error(1));
                    suptree::exit(pid, ExitReason::Kill);
                    suptree::exit(pid, error(1));
                }
                a_while().await;
                // A shutdown in the middle of a handler that waits, with messages behind it.
                drop(server.take_later(Fault::new(1)).await);
                drop(server.take(Fault::new(1)).await);
                drop(app.terminate_child(ChildId::from("server")).await);
                assert!(app.terminate_child("other").await.is_ok());
                app.stop().await.unwrap();
            }

            /// Starts of all sorts: refused, broken off, too late, again.
            pub(crate) async fn starts() {
                let first = started!($server::start(Fault::new(1)));
                let taken = $server::start(Fault::new(1)).await;
                assert!(taken.is_err());
                drop(tokio::time::timeout(SOON, $server::start(Fault::new(2))).await);
                a_while().await;
                drop($server::start(Fault::new(2)).timeout(SOON).await);
                a_while().await;
                drop(suptree::start_link::<$server>(Fault::new(2)));
                drop(suptree::start_monitor::<$server>(Fault::new(2)));
                let (monitored, end) = started!(suptree::start_monitor::<$server>(Fault::new(2)));
                drop(monitored.stop().await);
                drop(end);
                a_while().await;
                let second = started!(suptree::start_link::<$server>(Fault::new(2)));
                drop(second.stop().await);
                drop(first.stop().await);
                a_while().await;
                // Killed while it starts again.
                let outer = started!($outer::start_link(Fault::new(1)));
                outer.app().server().kill();
                sleep(SOON).await;
                let supervisors = [outer.process().pid(), outer.app().process().pid()];
                kill_all(|pid| !supervisors.contains(&Some(pid)));
                a_while().await;
                // The inner supervisor, with its arguments.
                outer.app().kill();
                a_while().await;
                assert_eq!(outer.app().server().ping().await.ok(), Some(7));
                // Stopped while it starts again.
                outer.app().server().kill();
                sleep(SOON).await;
                outer.stop().await.unwrap();
            }

            /// Children of a dynamic supervisor.
            pub(crate) async fn dynamic() {
                let many = started!($many::start_link());
                let first = started!(async {
                    many.start_child(Fault::new(1)).await.map_err(|error| match error {
                        suptree::StartChildError::Start(error) => error,
                        other => panic!("{other:?}"),
                    })
                });
                drop(many.start_child(Fault::new(1)).await);
                let second = started!(async {
                    many.start_child(Fault::new(2)).await.map_err(|error| match error {
                        suptree::StartChildError::Start(error) => error,
                        other => panic!("{other:?}"),
                    })
                });
                assert!(many.start_child(Fault::new(3)).await.is_err(), "one too many");
                let refused = many.start_child(Fault::new(3)).keep_args().await.unwrap_err();
                refused.into_args().expect("it was not begun").spend();
                drop(many.start_child(Fault::new(3)));
                first.kill();
                drop(second.fail(Fault::new(1)).await);
                a_while().await;
                assert_eq!((first.ping().await.ok(), second.ping().await.ok()), (Some(7), Some(7)));
                many.terminate_child(first.pid().unwrap()).await.unwrap();
                drop(tokio::time::timeout(SOON, many.start_child(Fault::new(3))).await);
                a_while().await;
                assert_eq!(second.ping().await.ok(), Some(7));
                many.stop().await.unwrap();
            }

            /// Children of several types, which are given an argument of their supervisor first.
            pub(crate) async fn several() {
                let house = started!($house::start_link(Fault::new(8)));
                let app = started!(async {
                    house.start_child::<$app>(()).await.map_err(|error| match error {
                        suptree::StartChildError::Start(error) => error,
                        other => panic!("{other:?}"),
                    })
                });
                // Its name is taken.
                assert!(house.start_child::<$server>(()).await.is_err());
                house.terminate_child(app.process()).await.unwrap();
                let server = started!(async {
                    house.start_child::<$server>(()).await.map_err(|error| match error {
                        suptree::StartChildError::Start(error) => error,
                        other => panic!("{other:?}"),
                    })
                });
                drop(house.start_child::<$server>(()));
                server.kill();
                a_while().await;
                let servers = house.children::<$server>().await.unwrap();
                assert_eq!(servers.len(), 1);
                assert_eq!(servers[0].ping().await.ok(), Some(7));
                house.terminate_child(&server).await.unwrap();
                house.stop().await.unwrap();
            }

            /// Calls and monitors of an executor that polls in its wake-ups. What was wrong there.
            pub(crate) async fn polled_in_a_wake_up() -> Vec<String> {
                let server = $server::start(Fault::new(1)).await.unwrap();
                let wrong = Arc::new(Mutex::new(Vec::new()));
                let done = Arc::new(Mutex::new(0));
                for way in ["reply", "death"] {
                    let (server, wrong, done) = (server.clone(), Arc::clone(&wrong), Arc::clone(&done));
                    at_once(async move {
                        let found = |what: String| wrong.lock().unwrap().push(format!("{way}: {what}"));
                        if way == "reply" {
                            spend(server.keep().no_timeout().await);
                        } else {
                            drop(server.monitor().await);
                        }
                        if let Some(pid) = suptree::try_self_pid() {
                            found(format!("it is {pid}"));
                        }
                        match server.ping().await.map_err(CallError::from) {
                            Ok(7) if way == "reply" => {}
                            Err(CallError::NoProc) if way == "death" => {}
                            other => found(format!("{other:?}")),
                        }
                        *done.lock().unwrap() += 1;
                    });
                    a_while().await;
                }
                server.answer_kept().await.unwrap();
                a_while().await;
                server.kill();
                a_while().await;
                assert_eq!(*done.lock().unwrap(), 2, "both went on");
                Arc::into_inner(wrong).unwrap().into_inner().unwrap()
            }

            /// Futures of the crate's on executors whose wakers panic.
            pub(crate) async fn wakers() {
                let app = started!($app::start_link(Fault::new(1)));
                let server = app.server();
                let process = server.process();
                let beside = whereis("beside").unwrap();
                foreign(server.monitor()).await;
                foreign(server.later(Fault::new(1))).await;
                foreign(server.later(Fault::new(1)).owned()).await;
                foreign(server.later(Fault::new(1)).timeout(SOON)).await;
                drop(server.take_later(Fault::new(1)).await);
                drop(server.lend().timeout(SOON).await);
                a_while().await;
                foreign(server.ping()).await;
                foreign(server.take(Fault::new(1))).await;
                foreign($server::start(Fault::new(8))).await;
                foreign($server::start(Fault::new(8)).timeout(SOON)).await;
                foreign($app::start_link(Fault::new(8))).await;
                foreign($many::start_link()).await;
                let many = started!($many::start_link());
                foreign(many.start_child(Fault::new(9))).await;
                foreign(many.which_children()).await;
                foreign(many.children()).await;
                foreign(many.count_children()).await;
                if let Ok(child) = many.start_child(Fault::new(9)).await {
                    foreign(many.terminate_child(child.pid().unwrap_or(beside))).await;
                }
                many.stop().await.unwrap();
                foreign(app.which_children()).await;
                foreign(app.count_children()).await;
                foreign(app.terminate_child("other")).await;
                foreign(process.stop()).await;
                foreign(process.stop_with(error(1))).await;
                let spec = ChildSpec::new::<Beside>("again", || ());
                foreign(app.supervisor().start_child(spec)).await;
                let death = server.monitor();
                let end = Box::pin(foreign(server.monitor()));
                server.kill();
                end.await;
                death.await;
                a_while().await;
                assert_eq!(server.ping().await.ok(), Some(7));
                let told = app.monitor();
                foreign(app.stop()).await;
                told.await;
                // What was started, though nobody waited for it.
                kill_all(|_| true);
                a_while().await;
            }
        }
    )*};
}

scenarios! {
    placed: Placed, PlacedApp, PlacedOuter, PlacedMany, PlacedHouse;
    queued: Queued, QueuedApp, QueuedOuter, QueuedMany, QueuedHouse;
}

/// Futures that wait for room, on executors whose wakers panic.
pub(crate) async fn wakers_that_wait_for_room() {
    for way in 0..6 {
        let narrow = started!(Narrow::start());
        // One is handled, one is in the mailbox; and one stands in line before those whose executors panic.
        let ahead = Box::pin(async {
            for _ in 0..3 {
                drop(narrow.work(Fault::new(1)).await);
            }
        });
        let behind = Box::pin(async {
            match way {
                0 => foreign(narrow.work(Fault::new(1))).await,
                1 => foreign(narrow.work(Fault::new(1)).owned()).await,
                2 => foreign(narrow.work(Fault::new(1)).keep_args()).await,
                3 => foreign(narrow.answer(Fault::new(1))).await,
                4 => foreign(narrow.answer(Fault::new(1)).owned()).await,
                _ => foreign(narrow.answer(Fault::new(1)).timeout(SOON)).await,
            }
        });
        tokio::join!(ahead, behind);
        // Others get in.
        drop(narrow.work(Fault::new(1)).no_timeout().await);
        let _stopped = tokio::time::timeout(SOON, narrow.stop()).await;
        narrow.kill();
        a_while().await;
    }
}

/// Those who wait for a server to come back, or for its tree to be ready.
pub(crate) async fn returns() {
    let app = started!(Returning::start_link());
    let value = || Fault::new(1);
    for way in 0..10 {
        let end = app.returns().monitor();
        app.returns().kill();
        end.await;
        let client = Returns::named();
        match way {
            0 => foreign(client.answer(value()).await_restart()).await,
            1 => foreign(client.answer(value()).owned().await_restart()).await,
            2 => foreign(client.answer(value()).await_restart().keep_args()).await,
            3 => foreign(client.answer(value()).timeout(SOON / 2).await_restart()).await,
            4 => foreign(client.take(value()).await_restart()).await,
            5 => foreign(client.take(value()).owned().await_restart()).await,
            6 => foreign(client.take(value()).await_restart().keep_args()).await,
            7 => foreign(app.ready()).await,
            8 => {
                let mut watch = app.watch_readiness();
                assert_eq!(watch.changed().await, Ok(false));
                foreign(watch.changed()).await;
            }
            _ => at_once(async move {
                spend(client.answer(value()).await_restart().await);
            }),
        }
        a_while().await;
        spend(Returns::named().answer(value()).await_restart().await);
        assert!(app.is_ready());
    }
    // Given up, while they wait.
    let end = app.returns().monitor();
    app.returns().kill();
    end.await;
    let client = Returns::named();
    let mut waits = Box::pin(client.answer(value()).await_restart());
    let mut kept = Box::pin(client.take(value()).await_restart().keep_args());
    let left = leave(waits.as_mut()).is_pending() && leave(kept.as_mut()).is_pending();
    drop(app.terminate_child("returns").await);
    if left {
        spend(waits.await);
        if let Err(refused) = kept.await {
            refused.into_args().into_iter().for_each(Fault::spend);
        }
    }
    app.stop().await.unwrap();
}

/// Polls a future as two other executors would that then forget it, and lets what it waits for happen.
pub(crate) async fn foreign<F: Future>(future: F) {
    let mut future = Box::pin(future);
    for _ in 0..2 {
        if leave(future.as_mut()).is_ready() {
            break;
        }
        sleep(SOON).await;
    }
    a_while().await;
    // What was not sent is still the sender's: a panic of its destructor is the sender's own. Of nothing else.
    if catch_unwind(AssertUnwindSafe(|| drop(future))).is_err() {
        assert_eq!(panicked(), Some(Op::Drop));
    }
    a_while().await;
}

/// Traits that are implemented by hand, with all that they may do.
pub(crate) async fn by_hand() {
    let sup = started!(suptree::start_link_supervisor::<ByHand>(Fault::new(1)));
    // Its child has the name.
    assert!(
        suptree::start_link_dynamic_supervisor::<ManyByHand>(())
            .await
            .is_err()
    );
    let holder = own(async || whereis(&Fault::new(30))).await;
    assert!(holder.is_some());
    kill_all(|pid| Some(pid) != holder);
    a_while().await;
    let extra = own(async || <ByHand as suptree::Child>::vacant()).await;
    let id = own(async || Fault::new(7).id()).await;
    let spec = own(async || extra.as_child(id.clone(), Fault::new(9))).await;
    // Its name is taken.
    assert!((*sup).start_child(spec).await.is_err());
    // What the test drops itself is its own.
    own(async || extra.clone().spend()).await;
    extra.spend();
    (*sup).stop().await.unwrap();
    sup.spend();
    let many = started!(suptree::start_link_dynamic_supervisor::<ManyByHand>(()));
    let death = own(async || many.supervisor().monitor()).await;
    kill_all(|_| true);
    death.await;
    many.spend();
}

/// Partitions, and keys that lead to them.
pub(crate) async fn partitions() {
    let parts = started!(suptree::start_link_partition_supervisor::<PartsByHand>(
        Fault::new(1)
    ));
    let (key, part) = own(async || {
        let key = Fault::new(7);
        let part = parts.supervisor().route(&key);
        (key, part)
    })
    .await;
    key.spend();
    drop(part.fail(Fault::new(1)).await);
    a_while().await;
    assert_eq!(part.ping().await.ok(), Some(7));
    let (all, counts, death) = own(async || {
        let sup = parts.supervisor();
        (sup.which_children(), sup.count_children(), sup.monitor())
    })
    .await;
    assert_eq!(all.await.unwrap().len(), 2);
    assert_eq!(counts.await.unwrap().active, 2);
    for partitions in [1, 2, 0, 2] {
        let resized = own(async || parts.supervisor().resize(partitions)).await;
        foreign(resized).await;
        if let Err(error) = own(async || parts.supervisor().resize(partitions))
            .await
            .await
        {
            own(async || {
                format!(
                    "{error:?} {error} {}",
                    error.downcast_ref::<Fault>().is_some()
                )
            })
            .await;
        }
    }
    kill_all(|_| true);
    death.await;
    parts.spend();
}

/// Kills those of the program's processes.
fn kill_all(which: impl Fn(Pid) -> bool) {
    for process in suptree::processes() {
        let bystander =
            process.type_name.contains("Bystanders") || process.type_name.contains("Beside");
        if !bystander && which(process.pid) {
            suptree::exit(process.pid, ExitReason::Kill);
        }
    }
}

/// A server by hand, asked by its reference.
pub(crate) async fn server_by_hand() {
    let log = started!(suptree::start::<Manual>(Fault::new(1)));
    let other = started!(suptree::start::<Manual>(Fault::new(2)));
    for server in [&log, &other] {
        spend(server.call_with(ManualCall).await);
        spend(server.call_with(ManualCall).owned().await);
        // A closure of the caller's, in the caller's own poll.
        let call = own(async || {
            server
                .call_with(|reply| {
                    visit(Op::Run);
                    ManualCall(reply)
                })
                .await
        });
        spend(call.await);
        drop(server.cast(Fault::new(1)).await);
        drop(server.cast(Fault::new(1)).owned().await);
        drop(server.send(Fault::new(1)).await);
        drop(server.send(Fault::new(1)).try_send());
        a_while().await;
    }
    if let (Some(one), Some(other)) = (log.pid(), other.pid()) {
        assert_ne!(one, other);
        suptree::exit(one, error(1));
    }
    a_while().await;
    drop(log.stop_with(error(2)).await);
    drop(other.stop().await);
    a_while().await;
}

supervisor! { Agents { dynamic: Agent<Fault> } }

/// Agents: their first values, what their closures hold, do and give, and their names.
pub(crate) async fn agents() {
    let first = |number: u32| {
        let held = Fault::new(number);
        move || {
            visit(Op::Run);
            held.clone()
        }
    };
    let name = own(async || Name::new(Fault::new(1))).await;
    let spec = own(async || AgentSpec::new(first(2)).name(Name::new(Fault::new(1)))).await;
    let agent = started!(spec.clone().start_link());
    let named = own(async || Agent::<Fault>::named(name.clone())).await;
    own(async || Agent::<Fault>::whereis(&name).is_some()).await;
    let once = loop {
        // What is made for a start that fails is gone with it.
        let made = own(async || first(3)).await;
        if let Ok(agent) = Agent::start(made).await {
            break agent;
        }
    };
    // Its key is compared in the caller's own poll.
    own(async || spend(named.get(Fault::clone).await)).await;
    for agent in [&agent, &once] {
        let held = own(async || Fault::new(4)).await;
        let call = agent.get(move |value| {
            visit(Op::Run);
            drop(held);
            value.clone()
        });
        spend(call.await);
        let held = own(async || Fault::new(5)).await;
        drop(agent.update(move |value| *value = held).owned().await);
        let call = agent.get_and_update(|value| std::mem::replace(value, Fault::new(6)));
        spend(call.await);
        let held = own(async || Fault::new(7)).await;
        let cast = move |value: &mut Fault| {
            visit(Op::Run);
            *value = held;
        };
        drop(agent.cast(cast).await);
        a_while().await;
    }
    drop(agent.stop().await);
    drop(once.stop().await);
    // Nobody gets them.
    let held = own(async || Fault::new(8)).await;
    drop(agent.get(move |_| drop(held)).await);
    let held = own(async || Fault::new(8)).await;
    drop(agent.cast(move |_| drop(held)).await);
    // Of a supervisor, which starts it again.
    let agents = started!(Agents::start_link());
    let made = own(async || first(9)).await;
    if let Ok(agent) = agents.start_child(made).await {
        agent.kill();
        a_while().await;
        drop(agent.cast(|_| visit(Op::Run)).await);
        a_while().await;
    }
    let made = own(async || first(10)).await;
    drop(
        Agent::start_link(made)
            .timeout(Duration::from_secs(1))
            .await,
    );
    let spec = own(async || Agent::child_spec(first(11))).await;
    let app = started!(PlacedApp::start_link(Fault::new(1)));
    drop(app.supervisor().start_child(spec).await);
    app.stop().await.unwrap();
    agents.stop().await.unwrap();
    kill_all(|_| true);
    a_while().await;
}

/// Keys as names and ids.
pub(crate) async fn keys() {
    let app = started!(PlacedApp::start_link(Fault::new(1)));
    let name = own(async || Name::new(Fault::new(1))).await;
    let held = own(async || whereis(&name)).await;
    assert_eq!(held, app.server().pid());
    let named = own(async || Placed::named(Fault::new(1))).await;
    let _asked = own(async || named.ping().await.ok()).await;
    own(async || suptree::ProcessRef::whereis(&name).map(|process| process.pid())).await;
    for number in [1, 2, 3] {
        let id = own(async || ChildId::new(Fault::new(10 + number))).await;
        let spec =
            ChildSpec::new::<Placed>(id.clone(), move || Fault::new(10 + number)).with_id(id);
        drop(app.supervisor().start_child(spec).await);
    }
    for number in [1, 2, 3] {
        let id = own(async || ChildId::new(Fault::new(10 + number))).await;
        drop(app.terminate_child(id).await);
    }
    // Described, started again, deleted.
    for number in [1, 2, 3] {
        let id = own(async || ChildId::new(Fault::new(10 + number))).await;
        let known = own(async || suptree::WhichChild::from(id.clone())).await;
        let described = app.get_childspec(known).await;
        own(async || format!("{described:?}")).await;
        if let Err(error) = &described {
            own(async || error.downcast_ref::<Fault>().is_some()).await;
        }
        drop(described);
        let restarted = app.restart_child(id.clone()).await;
        if let Err(error) = &restarted {
            own(async || error.downcast_ref::<Fault>().is_some()).await;
        }
        drop(restarted);
        drop(app.terminate_child(id.clone()).await);
        if let Err(error) = app.delete_child(id).await {
            own(async || error.downcast_ref::<Fault>().is_some()).await;
        }
    }
    drop(app.which_children().await);
    // Two children of one id.
    let id = own(async || ChildId::new(Fault::new(20))).await;
    let spec = || ChildSpec::new::<Beside>(id.clone(), || ());
    drop(app.supervisor().start_child(spec()).await);
    drop(app.supervisor().start_child(spec()).await);
    drop(app.supervisor().start_child(spec()).keep_args().await);
    // One that is refused tells its id.
    let refused = app.supervisor().start_child(spec().significant(true)).await;
    own(async || format!("{refused:?}")).await;
    drop(refused);
    let shared = SharedError::new(Fault::new(1));
    let reason = ExitReason::Error(shared.clone());
    assert_eq!(reason, ExitReason::Error(shared));
    assert!(reason.downcast_ref::<Fault>().is_some());
    let _same = reason == error(1);
    own(async || format!("{reason} {reason:?} {name} {name:?}")).await;
    app.stop().await.unwrap();
    // Its own drop is the test's.
    drop(named);
}

/// What of a task is a user's: what makes it, what it holds, its poll, its error; and those that wait for its end.
async fn task(held: Fault, asks: bool) -> Result<(), Fault> {
    let _held = held;
    visit(Op::Run);
    if asks {
        stopping().await;
        visit(Op::Run);
        return Err(Fault::new(1));
    }
    sleep(Duration::from_millis(200)).await;
    visit(Op::Run);
    Ok(())
}

pub(crate) async fn tasks() {
    let app = started!(PlacedApp::start_link(Fault::new(1)));
    for (number, asks) in [(21, false), (22, true), (23, true), (24, false)] {
        let handle = TaskRef::vacant();
        let id = own(async || ChildId::new(Fault::new(number))).await;
        let start = || {
            let (held, id) = (Fault::new(number), id.clone());
            let make = move || {
                visit(Op::Run);
                task(held.clone(), asks)
            };
            app.supervisor()
                .start_child(handle.child_spec(id, make).restart(Restart::Transient))
        };
        drop(start().await);
        a_while().await;
        match number {
            21 => a_while().await,
            22 => drop(handle.stop_with(error(1)).await),
            23 => drop(app.terminate_child(id).await),
            _ => {
                handle.exit(error(2));
                a_while().await;
                handle.kill();
            }
        }
        a_while().await;
        foreign(handle.stop()).await;
    }
    let spec = own(async || {
        ChildSpec::task(ChildId::new(Fault::new(30)), || {
            visit(Op::Run);
            async {
                // Another executor hears of the end.
                let mut stop = Box::pin(stopping());
                while leave(stop.as_mut()).is_pending() {
                    sleep(Duration::from_millis(100)).await;
                }
                foreign(stopping()).await;
                Err::<(), _>(Ended(Fault::new(31)))
            }
        })
    })
    .await;
    drop(app.supervisor().start_child(spec).await);
    a_while().await;
    app.stop().await.unwrap();
}

/// What a future of the user's does and gives.
async fn work(held: Fault, millis: u64) -> Fault {
    visit(Op::Run);
    sleep(Duration::from_millis(millis)).await;
    visit(Op::Run);
    held
}

/// Starts tasks of both kinds, and leaves them alone.
struct Starter;

#[genserver(restart = temporary)]
impl Starter {
    #[init]
    fn init(held: Fault) -> Self {
        drop(held);
        Self
    }

    #[call]
    async fn begin(&self, one: Fault, other: Fault, cx: &mut Context<Self>) {
        drop(cx.spawn_monitored(work(other, 100)));
        drop(cx.spawn_linked(work(one, 100)).await);
    }
}

/// Tasks with values: what their futures hold, do and give, and those that wait for it.
pub(crate) async fn task_values() {
    let task = |number: u32, millis: u64| Task::spawn(work(Fault::new(number), millis));
    let found = |outcome: Result<Fault, TaskError>| {
        if let Err(error) = &outcome {
            let _other = error.downcast_ref::<Fault>().is_some();
        }
        spend(outcome);
    };
    found(task(1, 10).await);
    found(task(2, 200).timeout(SOON).await);
    let mut asked = task(3, 10);
    let early = asked.yield_for(SOON).await;
    early.into_iter().for_each(found);
    asked
        .yield_for(Duration::from_millis(100))
        .await
        .into_iter()
        .for_each(found);
    for how in [Shutdown::BrutalKill, Shutdown::Timeout(SOON)] {
        let late = task(4, 100);
        late.shutdown(how).await.into_iter().for_each(found);
    }
    task(5, 100).ignore().into_iter().for_each(found);
    found(Task::completed(Fault::new(6)).await);
    drop(task(7, 10));
    a_while().await;
    // All at once; where one fails, what the others have given is dropped.
    for last in [10, 200] {
        let some = [task(8, 10), task(9, 20), task(10, last)];
        let all = Task::await_many(some).timeout(Duration::from_millis(100));
        if let Ok(values) = all.await {
            values.into_iter().for_each(Fault::spend);
        }
    }
    let mut some = [task(11, 10), task(12, 200)];
    for found_one in Task::yield_many(&mut some, SOON * 5).kill_late().await {
        found_one.into_iter().for_each(found);
    }
    a_while().await;
    // For what they do.
    for link in [false, true] {
        let held = own(async || Fault::new(13)).await;
        let crash = async move {
            visit(Op::Run);
            sleep(SOON).await;
            Err::<(), _>(held)
        };
        drop(if link {
            Task::start_link(crash)
        } else {
            Task::start(crash)
        });
    }
    let alone = Task::spawn_nolink(work(Fault::new(14), 10));
    found(alone.await);
    // Of a server.
    let starter = started!(Starter::start(Fault::new(15)));
    let begin = own(async || (Fault::new(16), Fault::new(17))).await;
    drop(starter.begin(begin.0, begin.1).await);
    drop(starter.stop().await);
    a_while().await;
    // By another executor.
    foreign(task(18, 10)).await;
    foreign(task(19, 100).shutdown(Shutdown::Timeout(SOON))).await;
    foreign(Task::await_many([task(20, 10), task(21, 20)])).await;
    foreign(own_yield(task(22, 10))).await;
    foreign(own_yields([task(23, 10), task(24, 20)])).await;
    a_while().await;
}

/// Supervisors of tasks, and streams of tasks, of a supervisor and without: what makes their futures, and items.
pub(crate) async fn task_supervisors() {
    let name = own(async || Name::new(Fault::new(1))).await;
    let spec = own(async || TaskSupervisorSpec::new().name(Name::new(Fault::new(1)))).await;
    let tasks = started!(spec.clone().max_children(3).start_link());
    let named = own(async || TaskSupervisor::named(name.clone())).await;
    own(async || TaskSupervisor::whereis(&name).is_some()).await;
    own(async || drop(named.children().await)).await;
    let found = |outcome: Result<Fault, TaskError>| {
        if let Err(TaskError::NotStarted(error)) = &outcome {
            assert!(error.to_string().contains("max_children") || !error.to_string().is_empty());
        }
        spend(outcome);
    };
    // With room, and without.
    let mut started = Vec::new();
    for number in 2..6 {
        let task = tasks.spawn(work(Fault::new(number), 50));
        started.extend(task.await);
        let task = tasks.spawn_nolink(work(Fault::new(number), 50));
        started.extend(task.shutdown(Shutdown::BrutalKill).await);
    }
    if let Some(task) = started.last() {
        drop(tasks.terminate_child(task).await);
    }
    for task in started {
        found(task.await);
    }
    // For what they do.
    for restart in [Restart::Temporary, Restart::Transient] {
        let held = own(async || Fault::new(6)).await;
        let make = move || {
            visit(Op::Run);
            let held = held.clone();
            async move {
                visit(Op::Run);
                sleep(SOON).await;
                Err::<(), _>(held)
            }
        };
        if let Ok(task) = tasks.start_child(make).restart(restart).await {
            sleep(SOON).await;
            drop(tasks.terminate_child(&task).await);
        }
    }
    a_while().await;
    // Streams: their items, and what is made of them.
    let items = || (7..11).map(Fault::new);
    let make = |item: Fault| {
        visit(Op::Run);
        work(item, 10)
    };
    streamed!(Task::async_stream(items(), make).max_concurrency(2));
    streamed!(Task::async_stream(items(), make).unordered());
    let inner = Task::async_stream(items(), make);
    let mut outer = Task::async_stream_of(inner, |item| async move {
        visit(Op::Run);
        item
    });
    while let Some(outcome) = own(async || outer.next().await).await {
        if let Ok(inner) = outcome {
            found(inner);
        }
    }
    streamed!(tasks.async_stream(items(), make).max_concurrency(9));
    streamed!(tasks.async_stream_nolink(items(), make).timeout(SOON));
    streamed!({
        let late = tasks.async_stream_nolink(items(), make).timeout(SOON);
        late.kill_late().max_concurrency(1)
    });
    let late = tasks.async_stream_nolink(items(), make).timeout(SOON * 4);
    let mut zipped = late.max_concurrency(1).zip_input_on_exit();
    while let Some(outcome) = own(async || zipped.next().await).await {
        match outcome {
            Ok(value) => value.spend(),
            Err((item, _)) => item.spend(),
        }
    }
    a_while().await;
    // By another executor.
    foreign(tasks.spawn(work(Fault::new(12), 10))).await;
    foreign(tasks.start_child(|| work_of_nobody(Fault::new(13)))).await;
    foreign(tasks.children()).await;
    let none = own(async || TaskRef::vacant()).await;
    foreign(tasks.terminate_child(&none)).await;
    // All of them have begun, so that it has nothing to do but to wait, for longer than this takes.
    let slow = || {
        let mut millis = 1;
        move |item: Fault| {
            visit(Op::Run);
            millis *= 10;
            work(item, millis)
        }
    };
    let mut stream = Task::async_stream(items(), slow()).max_concurrency(9);
    let first = own(async || stream.next().await).await;
    first.into_iter().for_each(spend);
    foreign(stream.next()).await;
    drop(stream);
    let stream = Task::async_stream(items(), slow()).max_concurrency(9);
    let mut stream = stream.zip_input_on_exit();
    match own(async || stream.next().await).await {
        Some(Ok(value)) => value.spend(),
        Some(Err((item, _))) => item.spend(),
        None => {}
    }
    foreign(stream.next()).await;
    drop(stream);
    tasks.stop().await.unwrap();
    a_while().await;
}

async fn work_of_nobody(held: Fault) {
    work(held, 10).await.spend();
}

async fn own_yield(mut task: Task<Fault>) {
    drop(task.yield_for(Duration::from_millis(50)).await);
}

async fn own_yields(mut tasks: [Task<Fault>; 2]) {
    drop(Task::yield_many(&mut tasks, Duration::from_millis(50)).await);
}

/// What a task of the user's ends with.
struct Ended(Fault);

impl From<Ended> for ExitReason {
    fn from(ended: Ended) -> Self {
        visit(Op::Run);
        Self::from(ended.0)
    }
}

/// Keys and values of registries, what is asked of them by closures, and those that wait for something in one.
pub(crate) async fn registries() {
    let unique = own(async || Registry::<Fault, Fault>::unique()).await;
    let topics = Registry::<Fault, Fault, Duplicate>::duplicate();
    let mut events = topics.listen();
    let server = started!(Registrant::start((unique.clone(), topics.clone())));
    // Two keys of one hash, and one that is taken.
    for number in [1, 2, 1] {
        let refused = own(async || {
            let registered = unique.register_process(&server, Fault::new(number), Fault::new(9));
            registered.err()
        });
        if let Some(refused) = refused.await {
            refused.key.spend();
            refused.value.spend();
        }
        own(async || {
            topics
                .register_process(&server, Fault::new(number), Fault::new(8))
                .is_ok()
        })
        .await;
    }
    let pid = server.pid().expect("nothing of its own has run");
    for number in [1, 2, 3] {
        let (one, key) = (own(async || Fault::new(number)).await, Fault::new(number));
        own(async || unique.lookup(&one).map(|entry| format!("{entry:?}"))).await;
        own(async || topics.lookup(&one).len()).await;
        own(async || unique.whereis(&one).map(|process| process.pid())).await;
        own(async || topics.dispatch(&one, |_| visit(Op::Run))).await;
        own(async || topics.match_key(&one, |_| run()).len()).await;
        own(async || topics.count_match(&one, |_| run())).await;
        own(async || topics.values(&one, pid).into_iter().for_each(Fault::spend)).await;
        own(async || unique.update_value(&one, Clone::clone).is_some()).await;
        own(async || unique.unregister(&one).is_some()).await;
        own(async || topics.unregister_match(&one, |_| run()).len()).await;
        one.spend();
        key.spend();
    }
    own(async || unique.keys(pid).into_iter().for_each(Fault::spend)).await;
    own(async || topics.select(|_| run().then_some(())).len()).await;
    own(async || topics.count_select(|_| run())).await;
    // As the process itself, whose own a panic is.
    for number in [1, 2] {
        drop(server.change(number).await);
    }
    a_while().await;
    foreign(events.recv()).await;
    if let Ok(Some(event)) = tokio::time::timeout(SOON, events.recv()).await {
        own(async || format!("{event:?}")).await;
    }
    server.kill();
    a_while().await;
    assert_eq!((unique.count(), topics.count()), (0, 0));

    // Started under a key, and found by it; refused; and as a child.
    let by_key = own(async || Placed::via(&unique, Fault::new(5))).await;
    let by_ref = own(async || ServerRef::<Placed>::via(&unique, Fault::new(5))).await;
    let app = started!(PlacedApp::start_link(Fault::new(1)));
    for number in [5, 6] {
        let starts = own(async || {
            let start = Registrant::start((unique.clone(), topics.clone()));
            start
                .via_with(&unique, Fault::new(number), Fault::new(7))
                .await
        });
        let registrant = starts.await;
        let spec = own(async || {
            let spec = ChildSpec::new::<Placed>(number.to_string(), move || Fault::new(number));
            spec.via(&unique, Fault::new(number), Fault::new(7))
        });
        drop(app.supervisor().start_child(spec.await).await);
        if let Ok(registrant) = registrant {
            registrant.kill();
            a_while().await;
        }
        let spec = own(async || {
            let spec =
                ChildSpec::new::<Placed>(format!("{number} again"), move || Fault::new(number));
            spec.via(&unique, Fault::new(number), Fault::new(7))
                .restart(Restart::Transient)
        });
        drop(app.supervisor().start_child(spec.await).await);
        own(async || by_key.ping().await.ok()).await;
        own(async || by_ref.is_alive()).await;
        own(async || by_key.kill()).await;
        a_while().await;
    }
    app.stop().await.unwrap();
    let defaults = Registry::<Fault>::unique();
    // It has the name of another.
    assert!(own(async || Beside::start().via(&defaults, Fault::new(1)).await.is_err()).await);
    assert_eq!((unique.count(), defaults.count()), (0, 0));
    drop((by_key, by_ref));

    // Locks, and values of its own.
    let held = own(async || unique.lock(Fault::new(1)).await).await;
    own(async || foreign(unique.lock(Fault::new(1))).await).await;
    {
        let mut waits = Box::pin(unique.lock(Fault::new(1)));
        let polled = catch_unwind(AssertUnwindSafe(|| leave(waits.as_mut()).is_pending()));
        drop(held);
        a_while().await;
        if polled.is_ok() {
            drop(waits.await);
        }
    }
    drop(own(async || unique.lock(Fault::new(2)).await).await);
    own(async || unique.put_meta("meta", Fault::new(1))).await;
    own(async || unique.put_meta("meta", Fault::new(2))).await;
    assert!(unique.meta::<Fault>("meta").is_some());
    unique.delete_meta("meta");
    unique.put_meta("meta", Fault::new(3));
    drop((events, topics, unique, defaults));
}

fn run() -> bool {
    visit(Op::Run);
    true
}

/// Groups have clients in them, and keys and closures of a user's.
pub(crate) async fn groups() {
    let unique = Registry::unique();
    let topics = Registry::duplicate();
    let server = started!(Registrant::start((unique.clone(), topics.clone())));
    let groups = Groups::<Fault, RegistrantClient>::new();
    for number in [1, 2] {
        let group = own(async || groups.group(Fault::new(number))).await;
        let (members, mut events) = own(async || group.monitor()).await;
        assert!(members.is_empty());
        // It leaves a waker, which a member that joins wakes.
        own(async || foreign(events.recv()).await).await;
        for _ in 0..2 {
            own(async || group.join(&server).is_ok()).await;
        }
        own(async || group.members().len() + group.len() + usize::from(group.is_empty())).await;
        let broadcast = own(async || {
            let send = |_: &RegistrantClient| run().then_some(()).ok_or(());
            group.broadcast(send).len()
        });
        broadcast.await;
        own(async || group.leave(&server).is_ok()).await;
        own(async || format!("{group:?}")).await;
        own(async || foreign(events.recv()).await).await;
        own(async || events.recv().await.is_some()).await;
        own(async || foreign(events.recv()).await).await;
    }
    own(async || groups.which_groups().into_iter().for_each(Fault::spend)).await;
    server.kill();
    a_while().await;
    assert!(own(async || groups.which_groups().is_empty()).await);
    drop(groups);
}
