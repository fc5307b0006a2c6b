//! Who drops what a server held: the server's own task. Never its supervisor, a process that it is linked with, or a thread of
//! another runtime: a destructor may block, and wants its own runtime.

use std::pin::Pin;
use std::time::Duration;

use suptree::prelude::*;
use suptree::{ChildSpec, ProcessRef, ServerRef};
use tokio::time::Instant;

use crate::support::{Noted, Notes, Reports, settle};

struct Keeper(Notes);

impl Drop for Keeper {
    fn drop(&mut self) {
        self.0.note("state");
        let gate = self.0.gate.lock().unwrap().take();
        if let Some(gate) = gate {
            let _closed = gate.recv();
        }
    }
}

#[genserver(shutdown = 100ms)]
impl Keeper {
    #[init]
    fn init(notes: Notes) -> Self {
        notes.note("init");
        Self(notes)
    }

    #[call]
    fn link_to(&self, pid: Pid) {
        suptree::link(pid);
    }

    #[call]
    fn link_with(&self, other: ProcessRef) {
        other.link();
    }

    #[call]
    fn crash(&self) {
        panic!("crash");
    }

    /// Where its own task is.
    #[cast]
    fn work(&self) {
        self.0.note("task");
    }

    #[cast]
    async fn wait(&self) {
        let _local = Noted("local", self.0.clone());
        self.0.note("waits");
        std::future::pending::<()>().await;
    }

    #[cast]
    fn hold(&self, _value: Noted) {}
}

// A supervisor of one keeper.
supervisor! { One(notes: Notes) { strategy: one_for_one, children: [Keeper(notes)] } }

supervisor! { Keepers { dynamic: Keeper } }

/// Whoever ends it, what an idle server held is dropped by its own task.
#[tokio::test(start_paused = true)]
async fn r85_a_supervisor_drops_nothing_of_a_child() {
    type Ends = fn(&One) -> Pin<Box<dyn Future<Output = ()> + Send>>;
    let ends: [Ends; 4] = [
        |sup| {
            let terminating = sup.terminate_child("keeper");
            Box::pin(async move { terminating.await.unwrap() })
        },
        |sup| {
            let stopping = sup.stop();
            Box::pin(async move { stopping.await.unwrap() })
        },
        |sup| {
            let end = sup.monitor();
            sup.kill();
            Box::pin(async move { drop(end.await) })
        },
        |sup| {
            let end = sup.keeper().monitor();
            sup.keeper().kill();
            Box::pin(async move { drop(end.await) })
        },
    ];
    for (nth, end) in ends.into_iter().enumerate() {
        for waits in [false, true] {
            let notes = Notes::default();
            let sup = One::start_link(notes.clone()).await.unwrap();
            let keeper = sup.keeper();
            keeper.work().await.unwrap();
            notes.until("task").await;
            if waits {
                keeper.wait().await.unwrap();
                notes.until("waits").await;
                let unread = Noted("unread", notes.clone());
                keeper.hold(unread).await.unwrap();
            }
            end(&sup).await;
            settle().await;
            let own = notes.places("task");
            assert_ne!(notes.places("init")[0], own[0], "started by its supervisor");
            let mut dropped = vec!["state"];
            if waits {
                dropped.extend(["local", "unread"]);
            }
            for what in dropped {
                assert_eq!(notes.places(what), own, "{what}, ended by way {nth}");
            }
        }
    }
}

/// A start that is given up drops what `init` holds, elsewhere.
#[tokio::test(start_paused = true)]
async fn r85_a_supervisor_drops_nothing_of_an_init_that_it_gives_up() {
    struct Slow;
    impl GenServer for Slow {
        type Args = Notes;
        type Call = suptree::NoMessage;
        type Cast = suptree::NoMessage;
        type Info = suptree::NoMessage;
        type Client = ServerRef<Self>;

        async fn init(notes: Notes, _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
            notes.note("init");
            let _local = Noted("local", notes.clone());
            std::future::pending::<()>().await;
            Ok(Self)
        }
    }
    supervisor! { Empty { strategy: one_for_one, children: [] } }
    for killed in [false, true] {
        let notes = Notes::default();
        let sup = Empty::start_link().await.unwrap();
        let args = notes.clone();
        let slow = ChildSpec::new::<Slow>("slow", move || args.clone());
        let starting = tokio::spawn(sup.start_child(slow));
        notes.until("init").await;
        let (end, began) = (sup.monitor(), Instant::now());
        if killed {
            sup.kill();
        } else {
            sup.stop().await.unwrap();
        }
        end.await;
        assert!(starting.await.unwrap().is_err());
        assert_eq!(began.elapsed(), Duration::ZERO);
        assert_ne!(notes.places("local"), notes.places("init"));
    }
}

/// A server that a link ends is dropped by its own task, on its own runtime; whoever runs the one that dies.
#[test]
fn r86_a_link_drops_nothing_of_another_server() {
    let runtime = || {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder.worker_threads(1).enable_all().build().unwrap()
    };
    type Dies = fn(tokio::runtime::Runtime, KeeperClient);
    let ways: [Dies; 3] = [
        |runtime, dying| {
            let crashing =
                runtime.spawn(async move { dying.crash().no_timeout().await.unwrap_err() });
            runtime.block_on(crashing).unwrap();
            runtime.shutdown_background();
        },
        |runtime, dying| {
            runtime.block_on(async {
                let end = dying.monitor();
                dying.kill();
                end.await;
            });
            runtime.shutdown_background();
        },
        |runtime, _| drop(runtime),
    ];
    for dies in ways {
        let (notes, other) = (Notes::default(), Notes::default());
        let (a, b) = (runtime(), runtime());
        let dying = a.block_on(async { Keeper::start(other).await.unwrap() });
        let pid = dying.pid().unwrap();
        let linked = b.block_on(async {
            let linked = Keeper::start(notes.clone()).await.unwrap();
            linked.link_to(pid).await.unwrap();
            linked.work().await.unwrap();
            notes.until("task").await;
            linked
        });
        let end = linked.monitor();
        dies(a, dying);
        b.block_on(end);
        let own = notes.places("task");
        assert_eq!(own[0].1, Some(b.handle().id()));
        assert_eq!(notes.places("state"), own);
    }
}

/// The caller of a server that crashes does not wait for the destructor of a linked one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r86_a_caller_waits_for_no_other_servers_destructor() {
    let (own, linked) = (Notes::default(), Notes::default());
    let open = linked.block();
    let a = Keeper::start(own).await.unwrap();
    let b = Keeper::start(linked.clone()).await.unwrap();
    let end = b.monitor();
    a.link_to(b.pid().unwrap()).await.unwrap();
    let told = a.crash().no_timeout().await.unwrap_err();
    assert!(matches!(told, CallError::Exited(_)), "{told}");
    linked.until("state").await;
    // It counts as dead, whatever its destructor does. (Callers are told first, links after them.)
    assert!(!b.is_alive());
    drop(open);
    let killed_by = end.await.reason;
    assert!(matches!(killed_by, ExitReason::Panic(_)), "{killed_by}");
}

/// A server that others have ended is dead for everybody who asks, and its death is told when it is dropped: also to those who
/// link with it, or watch it, in between.
#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn r86_the_death_of_a_server_is_told_when_it_is_dropped() {
    let (own, linked) = (Notes::default(), Notes::default());
    let open = linked.block();
    let a = Keeper::start(own.clone()).await.unwrap();
    let b = Keeper::start(linked.clone()).await.unwrap();
    let late = Keeper::start(own).await.unwrap();
    let pid = b.pid().unwrap();
    a.link_to(pid).await.unwrap();
    a.crash().no_timeout().await.unwrap_err();
    linked.until("state").await;
    assert!(!b.is_alive());
    let info = suptree::process_info(pid).unwrap();
    assert_eq!(info.status, suptree::Status::Exiting);
    let mut down = suptree::monitor(pid);
    let end = late.monitor();
    late.link_to(pid).await.unwrap();
    let told = std::future::poll_fn(|cx| std::task::Poll::Ready(Pin::new(&mut down).poll(cx)));
    assert!(told.await.is_pending());
    assert!(late.is_alive());
    drop(open);
    let reason = down.await.reason;
    assert!(matches!(reason, ExitReason::Panic(_)), "{reason}");
    assert_eq!(end.await.reason, reason);
    assert!(suptree::process_info(pid).is_none());
    assert_eq!(suptree::monitor(pid).await.reason, ExitReason::NoProc);
}

/// Those who wait for its end by a reference wait likewise, though the reference says that it is dead: to it, or to its place.
#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn r86_who_waits_by_a_reference_waits_for_what_the_dead_has_left() {
    let notes = Notes::default();
    let open = notes.block();
    let app = One::start_link(notes.clone()).await.unwrap();
    let (place, itself) = (app.keeper(), app.keeper().bound().unwrap());
    let pid = place.pid().unwrap();
    let others = [
        Keeper::start(Notes::default()).await.unwrap(),
        Keeper::start(Notes::default()).await.unwrap(),
    ];
    place.kill();
    notes.until("state").await;
    assert!(!place.is_alive() && !itself.is_alive());
    assert_eq!(suptree::process_info(pid).unwrap().restarts, 0);

    let ends = others.each_ref().map(|other| other.monitor());
    others[0].link_with(place.process()).await.unwrap();
    others[1].link_with(itself.process()).await.unwrap();
    let mut downs = [
        place.monitor(),
        itself.monitor(),
        itself.process().monitor(),
    ];
    let stop = || ExitReason::Killed;
    let mut stops = [
        Box::pin(place.stop_with(stop())) as Pin<Box<dyn Future<Output = _> + Send>>,
        Box::pin(itself.stop_with(stop())),
        Box::pin(place.process().stop_with(stop())),
    ];
    let none_is_ready = std::future::poll_fn(|cx| {
        let no_down = downs
            .iter_mut()
            .all(|down| Pin::new(down).poll(cx).is_pending());
        let no_stop = stops
            .iter_mut()
            .all(|stop| stop.as_mut().poll(cx).is_pending());
        std::task::Poll::Ready(no_down && no_stop)
    });
    assert!(none_is_ready.await);
    assert!(others.iter().all(|other| other.is_alive()));
    drop(open);
    for down in downs {
        let down = down.await;
        assert_eq!((down.pid, down.reason), (pid, ExitReason::Killed));
    }
    for stop in stops {
        assert_eq!(stop.await, Ok(()));
    }
    for end in ends {
        assert_eq!(end.await.reason, ExitReason::Killed);
    }
    assert!(suptree::process_info(pid).is_none());
    // What is in the place after it is another one.
    app.which_children().await.unwrap();
    assert_eq!(itself.monitor().await.reason, ExitReason::NoProc);
    assert_eq!(itself.stop().await, Err(StopError::NoProc));
    assert!(place.is_alive());
    app.stop().await.unwrap();
}

/// What a start that failed has left is dropped before the next attempt.
#[tokio::test(start_paused = true)]
async fn r85_a_child_starts_when_nothing_of_the_attempt_before_is_left() {
    struct Retried;
    #[genserver(name = "retried")]
    impl Retried {
        #[init]
        fn init(notes: Notes) -> Result<Self, ExitReason> {
            notes.note("init");
            if notes.places("init").len() == 2 {
                let mail = Noted("mail", notes);
                Self::named().hold(mail).try_send().unwrap();
                return Err(ExitReason::Shutdown);
            }
            Ok(Self)
        }

        #[cast]
        fn hold(&self, _value: Noted) {}
    }
    supervisor! { Retries(notes: Notes) { strategy: one_for_one, children: [Retried(notes)] } }
    let notes = Notes::default();
    let sup = Retries::start_link(notes.clone()).await.unwrap();
    sup.retried().kill();
    while notes.places("init").len() < 3 {
        tokio::task::yield_now().await;
    }
    let order: Vec<_> = notes.places.lock().unwrap().iter().map(|it| it.0).collect();
    assert_eq!(order, ["init", "init", "mail", "init"]);
    sup.stop().await.unwrap();
}

/// A destructor that blocks is let go with its server, after the shutdown time and the grace; its supervisor answers, and ends.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r85_sup_87_a_destructor_that_blocks_holds_nobody() {
    let notes = Notes::default();
    let open = notes.block();
    let sup = One::start_link(notes.clone()).await.unwrap();
    let (keeper, end) = (sup.keeper(), sup.keeper().monitor());
    let terminating = tokio::spawn(sup.terminate_child("keeper"));
    notes.until("state").await;
    assert!(!keeper.is_alive());
    terminating.await.unwrap().unwrap();
    // Announced though its destructor still runs.
    assert_eq!(end.await.reason, ExitReason::Shutdown);
    assert_eq!(sup.count_children().await.unwrap().active, 0);
    sup.stop().await.unwrap();
    drop(open);
}

/// A server that has ended by itself, and whose destructor blocks, is let go after its shutdown time and the grace, too: it is reported,
/// who waits for its end is told, and it is started again.
#[test]
fn r287_a_destructor_that_blocks_holds_no_restart() {
    let reports = Reports::capture();
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.on_thread_start(reports.on_each_thread());
    let runtime = runtime.worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let notes = Notes::default();
        let open = notes.block();
        let sup = One::start_link(notes.clone()).await.unwrap();
        let (keeper, end) = (sup.keeper(), sup.keeper().monitor());
        let caller = tokio::spawn(async move { keeper.crash().no_timeout().await });
        notes.until("state").await;
        assert_eq!(sup.count_children().await.unwrap().active, 0);
        let Down { reason, .. } = end.await;
        assert!(matches!(reason, ExitReason::Panic(_)), "{reason}");
        sup.ready().await.unwrap();
        assert!(sup.keeper().is_alive());
        assert_eq!(sup.count_children().await.unwrap().active, 1);
        drop(open);
        let failed = caller.await.unwrap();
        let crashed = matches!(failed, Err(CallError::Exited(ExitReason::Panic(_))));
        assert!(crashed, "{failed:?}");
        sup.stop().await.unwrap();
    });
    drop(runtime);
    let zombies = reports.errors();
    let zombies = zombies.iter().filter(|report| *report == "zombie keeper");
    assert_eq!(zombies.count(), 1, "{:?}", reports.errors());
}

/// A supervisor of two: the state of the one blocks in its destructor, and the other one was started again since. The sender lets it
/// go on.
async fn with_one_stuck(shutdown: Duration) -> (One, std::sync::mpsc::Sender<()>) {
    let (stuck, other) = (Notes::default(), Notes::default());
    let open = stuck.block();
    let sup = One::start_link(other.clone()).await.unwrap();
    let spec = Keeper::child_spec(stuck.clone());
    let spec = spec.with_id("stuck").shutdown(Shutdown::Timeout(shutdown));
    let pid = sup.start_child(spec).await.unwrap();
    suptree::exit(pid, ExitReason::Kill);
    stuck.until("state").await;
    let crashed = sup.keeper().crash().await;
    assert!(matches!(crashed, Err(CallError::Exited(_))), "{crashed:?}");
    while other.places("init").len() < 2 {
        tokio::task::yield_now().await;
    }
    (sup, open)
}

/// A shutdown time without an end is one.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r305_a_late_destructor_has_a_shutdown_time_of_any_length() {
    let (sup, open) = with_one_stuck(Duration::MAX).await;
    assert_eq!(sup.count_children().await.unwrap().active, 1);
    drop(open);
    sup.ready().await.unwrap();
    sup.stop().await.unwrap();
}

/// A child whose destructor blocks is let go at its time, whoever has ended meanwhile and did not wait for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r306_the_ends_of_others_do_not_keep_a_stuck_child() {
    let (sup, open) = with_one_stuck(Duration::from_millis(1)).await;
    let ready = tokio::time::timeout(Duration::from_secs(20), sup.ready());
    ready.await.unwrap().unwrap();
    assert_eq!(sup.count_children().await.unwrap().active, 2);
    sup.stop().await.unwrap();
    drop(open);
}

/// The grace of several that are stuck is one second for all.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ds_19_r85_the_grace_of_children_that_stop_together_is_one() {
    let sup = Keepers::start_link().await.unwrap();
    let mut gates = Vec::new();
    for _ in 0..3 {
        let notes = Notes::default();
        gates.push(notes.block());
        sup.start_child(notes).await.unwrap();
    }
    let began = std::time::Instant::now();
    sup.stop().await.unwrap();
    let took = began.elapsed();
    assert!(took >= Duration::from_millis(1_100), "{took:?}");
    assert!(took < Duration::from_millis(2_100), "{took:?}");
    drop(gates);
}
