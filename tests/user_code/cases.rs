//! What a program does with the crate, in every way: some of the user code in it panics.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use suptree::prelude::*;
use suptree::{ChildId, ChildSpec, Name, SharedError, whereis};
use tokio::time::sleep;

use crate::fault::{Fault, Op, own, panicked, visit};
use crate::wakers::{at_once, leave};
use crate::world::{
    Beside, Narrow, Placed, PlacedApp, PlacedHouse, PlacedMany, PlacedOuter, Queued, QueuedApp,
    QueuedHouse, QueuedMany, QueuedOuter, Returning, Returns,
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

mod agents;
mod alone;
mod blocking;
mod by_hand;
mod monitors;
mod protocols;
mod registries;
mod sys;
mod streams;
mod tasks;

pub(crate) use self::agents::agents;
pub(crate) use self::alone::alone;
pub(crate) use self::blocking::blocking;
pub(crate) use self::by_hand::{by_hand, partitions, server_by_hand};
pub(crate) use self::monitors::monitors;
pub(crate) use self::protocols::protocols;
pub(crate) use self::registries::{groups, registries};
pub(crate) use self::streams::streams;
pub(crate) use self::sys::sys;
pub(crate) use self::tasks::{task_supervisors, task_values, tasks};

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
                drop(server.begin(Fault::new(1)).await);
                a_while().await;
                // Killed while it continues, with more to come.
                drop(server.begin(Fault::new(1)).await);
                drop(server.begin(Fault::new(1)).await);
                server.kill();
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
                        StartChildError::Start(error) => error,
                        other => panic!("{other:?}"),
                    })
                });
                drop(many.start_child(Fault::new(1)).await);
                let second = started!(async {
                    many.start_child(Fault::new(2)).await.map_err(|error| match error {
                        StartChildError::Start(error) => error,
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
                        StartChildError::Start(error) => error,
                        other => panic!("{other:?}"),
                    })
                });
                // Its name is taken.
                assert!(house.start_child::<$server>(()).await.is_err());
                house.terminate_child(app.process()).await.unwrap();
                let server = started!(async {
                    house.start_child::<$server>(()).await.map_err(|error| match error {
                        StartChildError::Start(error) => error,
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

struct Beats(Fault);

#[suptree::genserver]
impl Beats {
    #[init]
    fn init(value: Fault) -> Self {
        Self(value)
    }

    #[every(140ms)]
    fn beat(&mut self) {
        visit(Op::Run);
        let _kept = &self.0;
    }
}

/// What is sent later: to a process, to a place, to a name.
pub(crate) async fn timers() {
    /// Twice a while, and once more.
    const NOW_AND_THEN: Duration = Duration::from_millis(140);
    let app = started!(PlacedApp::start_link(Fault::new(1)));
    let place = app.server();
    let bound = place
        .as_ref()
        .bound()
        .map(<Placed as GenServer>::Client::from);
    let named = own(async || Placed::named(Fault::new(1))).await;
    for server in [bound, Some(place), Some(named)].into_iter().flatten() {
        let once = own(async || server.take(Fault::new(1)).send_after(SOON)).await;
        let cancelled = own(async || server.take(Fault::new(1)).send_after(SOON)).await;
        cancelled.cancel();
        let every = own(async || server.note(Fault::new(1)).send_every(NOW_AND_THEN)).await;
        a_while().await;
        // One is left when the server dies.
        own(async || server.kill()).await;
        a_while().await;
        let _left = (once.left(), every.cancel());
    }
    app.stop().await.unwrap();
    let beats = started!(Beats::start(Fault::new(1)));
    a_while().await;
    beats.kill();
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
