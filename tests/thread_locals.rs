//! A runtime in a thread-local: a thread's locals are dropped in an order that nobody chooses, a runtime among them.

use std::sync::mpsc;
use std::task::Poll;

use suptree::{CallError, ExitReason};
use tokio::runtime::{Builder, Runtime};

use crate::support::{
    Cx, Graceful, Log, Plain, Probe, Script, Server, Sup, add, child, does, kept, place, start,
};

fn here() -> Runtime {
    Builder::new_current_thread().enable_time().build().unwrap()
}

fn gone() -> ExitReason {
    ExitReason::ShutdownWith("the runtime shut down".into())
}

thread_local! {
    static RUNTIME: Runtime = here();
}

/// Servers, and calls of other threads that wait for them.
struct World {
    servers: Vec<Server<Graceful>>,
    names: Server<Plain>,
    sup: Sup,
}

/// A chain of links, a supervisor with a child, a server with a name: on the runtime of this thread.
async fn world(log: &Log, chain: usize) -> World {
    let mut servers: Vec<Server<Graceful>> = Vec::new();
    for _ in 0..chain {
        let server = start::<Graceful>("a", log).await;
        if let Some(before) = servers.last().and_then(Server::pid) {
            server
                .call(does(move |_, _| suptree::link(before)))
                .await
                .unwrap();
        }
        servers.push(server);
    }
    let crashed = start::<Plain>("c", log).await;
    let crash = does(|_: &mut Probe<Plain>, _: &mut Cx<Plain>| -> i64 { panic!("x") });
    crashed.call(crash).await.unwrap_err();
    let script = Script::new("b", log);
    let sup = Sup::start(move |spec| spec.child(child(&place::<Plain>(), &script)));
    World {
        servers,
        names: suptree::start::<Probe<Plain>>(Script::new("n", log).named("mine"))
            .await
            .unwrap(),
        sup: sup.await.unwrap(),
    }
}

/// Of a panic among the destructors of a thread-local the program would abort.
fn ends(crate_first: bool, chain: usize) {
    let log = Log::new();
    let (give, given) = mpsc::channel();
    let (go, left) = tokio::sync::oneshot::channel::<()>();
    let logs = log.clone();
    let owner = std::thread::spawn(move || {
        if crate_first {
            // Makes the crate's own before the runtime is made.
            here().block_on(async { world(&logs, 2).await });
        }
        RUNTIME.with(|runtime| {
            runtime.block_on(async {
                give.send(world(&logs, chain).await).unwrap();
                left.await.unwrap();
            });
        });
    });
    let world = given.recv().unwrap();
    let callers: Vec<_> = [0, chain / 2, chain - 1]
        .map(|nth| {
            let server = world.servers[nth].clone();
            let (sender, sent) = mpsc::channel();
            let thread = std::thread::spawn(move || {
                here().block_on(async {
                    let call = kept(&server).no_timeout();
                    tokio::pin!(call);
                    let first =
                        std::future::poll_fn(|cx| Poll::Ready(call.as_mut().poll(cx).is_pending()));
                    assert!(first.await);
                    // Answered behind the one that waits.
                    server.call(add(1)).await.unwrap();
                    sender.send(()).unwrap();
                    call.await
                })
            });
            sent.recv().unwrap();
            thread
        })
        .into();
    let down = world.sup.monitor();
    go.send(()).unwrap();
    owner.join().unwrap();
    for caller in callers {
        let Err(CallError::Exited(reason)) = caller.join().unwrap() else {
            panic!("the caller was told something else")
        };
        assert_eq!(reason, gone());
    }
    assert_eq!(here().block_on(down).reason, gone());
    assert!(!world.names.is_alive() && !world.sup.is_alive());
    assert!(world.servers.iter().all(|server| !server.is_alive()));
    assert_eq!(log.with("drop").len(), log.with("init").len());
}

#[test]
fn r81_its_thread_ends_before_the_crate_was_used() {
    ends(false, 3);
}

#[test]
fn r81_its_thread_ends_after_the_crate_was_used() {
    ends(true, 3);
}

/// What dies of a death is settled after it, not inside it.
#[test]
fn r81_its_thread_ends_with_a_long_chain_of_links() {
    ends(false, 20_000);
}
