//! A supervisor is told to end while a child of it starts: a start that waits is interrupted; one that blocks the thread is left
//! behind, with the supervisor that it holds up, and whoever asked is not held up.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use suptree::prelude::*;
use suptree::{processes, whereis};
use tokio::time::Instant;

use crate::support::{Graceful, Log, Reports, Script, Sup, child, place, settle, supervise};

/// How a server comes out of its `init`: well for the first time, and blocked at the second.
#[derive(Clone, Default)]
struct Gate(Arc<Blocks>);

#[derive(Default)]
struct Blocks {
    starts: AtomicUsize,
    panics: bool,
    gate: Mutex<Option<mpsc::Receiver<()>>>,
}

impl Gate {
    /// The second `init` blocks its thread until the sender is dropped.
    fn new() -> (Self, mpsc::Sender<()>) {
        Self::with(false)
    }

    /// It panics, with what blocks when it is dropped.
    fn panicking() -> (Self, mpsc::Sender<()>) {
        Self::with(true)
    }

    fn with(panics: bool) -> (Self, mpsc::Sender<()>) {
        let (open, gate) = mpsc::channel();
        let blocks = Blocks {
            panics,
            gate: Mutex::new(Some(gate)),
            ..Blocks::default()
        };
        (Self(Arc::new(blocks)), open)
    }

    fn starts(&self) -> usize {
        self.0.starts.load(Ordering::SeqCst)
    }
}

/// Blocks its thread when it is dropped.
struct Shut(mpsc::Receiver<()>);

impl Drop for Shut {
    fn drop(&mut self) {
        let _open = self.0.recv();
    }
}

struct Leaf;

#[genserver(name = "leaf")]
impl Leaf {
    #[init]
    fn init(gate: Gate) -> Self {
        if gate.0.starts.fetch_add(1, Ordering::SeqCst) == 1 {
            let shut = gate.0.gate.lock().unwrap().take().map(Shut);
            if gate.0.panics {
                std::panic::panic_any(shut);
            }
        }
        Self
    }
}

#[derive(Default)]
struct Sibling;

#[genserver(name = "sibling")]
impl Sibling {}

supervisor! { Inner(gate: Gate) { strategy: one_for_one, children: [Sibling, Leaf(gate)] } }
supervisor! { Root(name = "root", gate: Gate) { strategy: one_for_one, children: [Inner(gate)] } }

/// The whole tree is on a runtime that is held up; who stops or kills it is on another one.
#[test]
fn r87_a_blocked_tree_is_let_go_from_outside() {
    for (kills, blocks) in [
        (false, Gate::new as fn() -> _),
        (true, Gate::new),
        (false, Gate::panicking),
        (true, Gate::panicking),
    ] {
        let reports = Reports::capture();
        let (gate, open) = blocks();
        let mut there = tokio::runtime::Builder::new_multi_thread();
        let there = there.worker_threads(1).enable_all().build().unwrap();
        let args = gate.clone();
        let root = there.block_on(async { Root::start_link(args).await.unwrap() });
        let inner = root.inner().clone();
        inner.leaf().kill();
        while gate.starts() < 2 {
            std::thread::yield_now();
        }
        let here = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        let dead = root.clone();
        here.block_on(async move {
            let began = Instant::now();
            let end = dead.monitor();
            if kills {
                dead.kill();
            } else {
                let stopped = dead.stop().await;
                assert_eq!(stopped, Err(StopError::Exited(ExitReason::Killed)));
            }
            assert_eq!(end.await.reason, ExitReason::Killed);
            assert!(
                began.elapsed() <= Duration::from_secs(11),
                "{:?}",
                began.elapsed()
            );
        });
        let zombies = reports.errors();
        for zombie in ["zombie leaf", "zombie root"] {
            assert!(zombies.iter().any(|report| report == zombie), "{zombies:?}");
        }
        // Its names are free while it is still stuck.
        there.block_on(async {
            for name in ["leaf", "sibling", "root"] {
                assert_eq!(whereis(name), None, "{name}");
            }
            assert!(!inner.is_alive() && !inner.sibling().is_alive());
        });
        // And when it is not any more, nobody is started.
        drop(open);
        there.block_on(async {
            tokio::spawn(settle()).await.unwrap();
            assert!(processes().is_empty());
        });
        assert_eq!(gate.starts(), 2);
    }
}

/// Who kills it has no runtime that could keep the time: real seconds pass.
#[test]
fn r87_a_blocked_tree_is_let_go_from_a_thread_without_a_runtime() {
    let (gate, open) = Gate::new();
    let mut there = tokio::runtime::Builder::new_multi_thread();
    let there = there.worker_threads(1).enable_all().build().unwrap();
    let args = gate.clone();
    let root = there.block_on(async { Root::start_link(args).await.unwrap() });
    let inner = root.inner().clone();
    inner.leaf().kill();
    while gate.starts() < 2 {
        std::thread::yield_now();
    }
    root.kill();
    while root.is_alive() {
        std::thread::sleep(Duration::from_millis(1));
    }
    assert!(!inner.is_alive() && !inner.sibling().is_alive());
    drop(open);
}

/// A supervisor whose own supervisor can react is let go by that, within the same runtime.
#[test]
fn r87_a_blocked_supervisor_is_left_behind_by_its_own() {
    let reports = Reports::capture();
    let (gate, open) = Gate::new();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .on_thread_start(reports.on_each_thread())
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let root = Root::start_link(gate.clone()).await.unwrap();
        root.inner().leaf().kill();
        while gate.starts() < 2 {
            tokio::task::yield_now().await;
        }
        let began = std::time::Instant::now();
        // A kill of the one that is stuck: it is the grace that it has.
        let end = root.inner().monitor();
        root.inner().kill();
        assert_eq!(end.await.reason, ExitReason::Killed);
        assert!(
            began.elapsed() < Duration::from_secs(4),
            "{:?}",
            began.elapsed()
        );
        // Its supervisor has gone on, and started another one, under the names that are free.
        root.count_children().await.unwrap();
        assert!(root.inner().leaf().is_alive());
        assert_eq!(gate.starts(), 3);
        let pid = root.inner().pid();
        drop(open);
        root.stop().await.unwrap();
        assert_eq!(root.inner().pid(), None, "{pid:?}");
    });
    let zombies = reports.errors();
    assert!(zombies.contains(&"zombie leaf".to_owned()), "{zombies:?}");
}

/// A start that waits gives way to whatever tells its supervisor, or one above that, to end.
#[tokio::test(start_paused = true)]
async fn d32_sup_79_a_restart_that_hangs_gives_way_to_a_stop() {
    for way in ["stop", "parent", "kill", "parent killed"] {
        let log = Log::new();
        let handle = place::<Graceful>();
        let server = handle.clone();
        let script = Script::<Graceful>::new("a", &log).on_init(|probe, _| {
            let again = probe.log_count("a init") > 1;
            Box::pin(async move {
                if again {
                    std::future::pending::<()>().await;
                }
                Ok(())
            })
        });
        let inner = supervise(move |spec| spec.child(child(&handle, &script)));
        let nested = <Sup as suptree::Child>::vacant();
        let held = nested.clone();
        let root = Sup::start(move |spec| {
            spec.child(<Sup as suptree::Child>::child_spec(
                &held,
                "inner",
                inner.clone(),
            ))
        })
        .await
        .unwrap();
        server.kill();
        log.until("a init", 2).await;
        let (end, began) = (nested.monitor(), Instant::now());
        match way {
            "stop" => nested.stop().await.unwrap(),
            "parent" => root.stop().await.unwrap(),
            "kill" => nested.kill(),
            _ => root.kill(),
        }
        end.await;
        assert_eq!(began.elapsed(), Duration::ZERO, "{way}");
        assert_eq!(log.count("a drop"), 2, "{way}");
    }
}

/// Says that its `terminate` runs, and stays there until the test lets it go.
#[derive(Clone)]
struct Farewell(Arc<Mutex<Option<Blocked>>>);

type Blocked = (tokio::sync::oneshot::Sender<()>, mpsc::Receiver<()>);

struct Lingers(Farewell);

#[genserver(name = "lingers", shutdown = 100ms)]
impl Lingers {
    #[init]
    fn init(farewell: Farewell) -> Self {
        Self(farewell)
    }

    #[terminate]
    fn bye(&mut self) {
        let farewell = self.0.0.lock().unwrap().take();
        if let Some((said, open)) = farewell {
            let _ = said.send(());
            let _open = open.recv();
        }
    }
}

supervisor! { Bar(farewell: Farewell) { strategy: one_for_one, children: [Lingers(farewell)] } }

/// A `terminate` that never returns is let go of, after the shutdown time and a second of grace.
#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn r32_a_terminate_that_blocks_is_let_go_of() {
    let (said, says) = tokio::sync::oneshot::channel();
    let (open, opened) = mpsc::channel();
    let farewell = Farewell(Arc::new(Mutex::new(Some((said, opened)))));
    let bar = Bar::start_link(farewell).await.unwrap();
    let end = bar.lingers().monitor();
    let began = std::time::Instant::now();
    let terminating = tokio::spawn(bar.terminate_child("lingers"));
    says.await.unwrap();
    assert!(whereis("lingers").is_some());
    terminating.await.unwrap().unwrap();
    assert!(began.elapsed() >= Duration::from_millis(1_100));
    assert_eq!(end.await.reason, ExitReason::Killed);
    assert!(whereis("lingers").is_none());
    assert_eq!(bar.count_children().await.unwrap().active, 0);
    bar.stop().await.unwrap();
    drop(open);
}
