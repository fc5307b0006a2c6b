//! A reply handle that is dropped tells its caller, whatever process drops it, and on whatever thread that goes on.

use std::sync::mpsc;
use std::sync::{Arc, Mutex};

use suptree::{CallError, ReplyTo};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::support::{
    Boxed, Cx, Kind, Log, Plain, Probe, Script, Server, Sup, asks, does_async, on_every_path,
    poll_once, settle, start,
};

on_every_path! {
    r80_a_handler_that_drops_a_reply_and_waits
    r80_a_terminate_that_drops_a_reply_and_waits
    r80_a_handler_that_is_dropped_with_a_reply
}

/// A call that waits, and its reply handle, which nobody's state has.
struct Open {
    server: Server<Plain>,
    call: JoinHandle<Result<i64, CallError>>,
    /// Taken by what drops it.
    reply: Arc<Mutex<Option<ReplyTo<i64>>>>,
}

impl Open {
    async fn new() -> Self {
        let server = start::<Plain>("front", &Log::new()).await;
        let caller = server.clone();
        let (give, take) = tokio::sync::oneshot::channel();
        let call = tokio::spawn(async move {
            let reply_out = asks::<Plain, i64>(&caller, |_, _, reply| drop(give.send(reply)));
            reply_out.no_timeout().await
        });
        let reply = Arc::new(Mutex::new(Some(take.await.unwrap())));
        Self {
            server,
            call,
            reply,
        }
    }

    /// Something that drops the handle.
    fn drops(&self) -> impl Fn() + Send + Sync + 'static {
        let reply = Arc::clone(&self.reply);
        move || drop(reply.lock().unwrap().take())
    }

    /// The caller is told at once that there is no reply, while what dropped the handle still waits.
    async fn told(self) {
        let began = Instant::now();
        settle().await;
        assert!(self.call.is_finished(), "nobody told the caller");
        assert_eq!(self.call.await.unwrap(), Err(CallError::NoReply));
        assert_eq!(began.elapsed(), std::time::Duration::ZERO);
        assert!(self.server.is_alive());
    }
}

/// Something that waits until it is opened, as often as it is asked.
fn gate() -> (watch::Sender<bool>, watch::Receiver<bool>) {
    watch::channel(false)
}

async fn opened(mut gate: watch::Receiver<bool>) {
    gate.wait_for(|open| *open).await.unwrap();
}

/// Does it on another thread of this runtime.
fn elsewhere<R: Send + 'static>(run: impl FnOnce() -> R + Send + 'static) -> R {
    let runtime = Handle::current();
    let thread = std::thread::spawn(move || {
        let _entered = runtime.enter();
        run()
    });
    thread.join().unwrap()
}

async fn r80_a_handler_that_drops_a_reply_and_waits<K: Kind>() {
    let other = start::<K>("a", &Log::new()).await;
    let (open, (opens, shut)) = (Open::new().await, gate());
    let drops = open.drops();
    let caller = other.clone();
    let waits = tokio::spawn(async move {
        let waits = does_async(move |_: &mut Probe<K>, _: &mut Cx<K>| -> Boxed<'_, ()> {
            Box::pin(async move {
                drops();
                opened(shut).await;
            })
        });
        caller.call(waits).await
    });
    open.told().await;
    assert!(!waits.is_finished());
    opens.send(true).unwrap();
    assert_eq!(waits.await.unwrap(), Ok(()));
}

async fn r80_a_terminate_that_drops_a_reply_and_waits<K: Kind>() {
    let (open, (opens, shut)) = (Open::new().await, gate());
    let drops = open.drops();
    let script = Script::<K>::new("a", &Log::new()).on_terminate(move |_, _, _| {
        drops();
        Box::pin(opened(shut.clone()))
    });
    let other = suptree::start::<Probe<K>>(script).await.unwrap();
    let stopping = tokio::spawn(async move { other.stop().await });
    open.told().await;
    assert!(!stopping.is_finished());
    opens.send(true).unwrap();
    stopping.await.unwrap().unwrap();
}

/// The future of a handler that waits has it, and is dropped when its server is killed.
async fn r80_a_handler_that_is_dropped_with_a_reply<K: Kind>() {
    let (other, open) = (start::<K>("a", &Log::new()).await, Open::new().await);
    let holds = open.reply.lock().unwrap().take();
    let caller = other.clone();
    let waits = tokio::spawn(async move {
        let waits = does_async(move |_: &mut Probe<K>, _: &mut Cx<K>| -> Boxed<'_, ()> {
            Box::pin(async move {
                let _held = holds;
                std::future::pending::<()>().await;
            })
        });
        caller.call(waits).await
    });
    settle().await;
    assert!(!open.call.is_finished());
    other.kill();
    open.told().await;
    assert!(waits.await.unwrap().is_err());
}

/// An `init` goes on where its starter does, and that may be another thread after each wait.
#[tokio::test(start_paused = true)]
async fn r80_an_init_that_drops_a_reply_and_goes_on_on_another_thread() {
    let dropped = [Open::new().await, Open::new().await];
    let gates = [gate(), gate()];
    let steps: [_; 2] = std::array::from_fn(|nth| (dropped[nth].drops(), gates[nth].1.clone()));
    let steps = Arc::new(steps);
    let script = Script::<Plain>::new("a", &Log::new()).on_init(move |_, _| {
        let steps = Arc::clone(&steps);
        Box::pin(async move {
            for (drops, shut) in steps.iter() {
                drops();
                opened(shut.clone()).await;
            }
            Ok(())
        })
    });
    let mut starting = suptree::start::<Probe<Plain>>(script);
    for (open, (opens, _)) in dropped.into_iter().zip(&gates) {
        starting = elsewhere(move || {
            assert!(poll_once(&mut starting).is_pending());
            starting
        });
        open.told().await;
        opens.send(true).unwrap();
    }
    let server = starting.await.unwrap();
    assert!(server.is_alive());
}

/// The start is given up on another thread than the one that began it: what it held is dropped there.
#[tokio::test(start_paused = true)]
async fn r80_a_start_that_is_dropped_with_a_reply() {
    for begun in [false, true] {
        let open = Open::new().await;
        let held = Mutex::new(open.reply.lock().unwrap().take());
        let script = Script::<Plain>::new("a", &Log::new()).on_init(move |_, _| {
            let held = held.lock().unwrap().take();
            Box::pin(async move {
                let _held = held;
                std::future::pending().await
            })
        });
        let mut starting = suptree::start::<Probe<Plain>>(script);
        if begun {
            assert!(poll_once(&mut starting).is_pending());
        }
        elsewhere(move || drop(starting));
        open.told().await;
    }
}

/// A supervisor's specification is made by its starter, and its children are started by its own task.
#[tokio::test(start_paused = true)]
async fn r80_a_supervisor_that_drops_a_reply_while_it_is_started_on_another_thread() {
    let open = Open::new().await;
    let drops = open.drops();
    let mut starting = Box::pin(Sup::start(move |spec| {
        drops();
        spec
    }));
    let starting = elsewhere(move || {
        assert!(poll_once(&mut starting).is_pending());
        starting
    });
    open.told().await;
    starting.await.unwrap();
}

/// What is told is forgotten: a process further out that has abandoned calls of its own is told of its own.
#[tokio::test(start_paused = true)]
async fn r80_processes_inside_one_another_have_each_its_own() {
    let (outer, inner) = (Open::new().await, Open::new().await);
    let (log, opens) = (Log::new(), gate());
    let (drops, drops_inside) = (outer.drops(), inner.drops());
    let other = start::<Plain>("b", &log).await;
    let (told, still) = mpsc::channel();
    let front = outer.server.clone();
    let asked = tokio::spawn(async move {
        let asks = does_async(
            move |_: &mut Probe<Plain>, _: &mut Cx<Plain>| -> Boxed<'_, ()> {
                Box::pin(async move {
                    drops();
                    let inside = other.call(crate::support::does(move |_, _| drops_inside()));
                    inside.await.unwrap();
                    told.send(()).unwrap();
                    opened(opens.1).await;
                })
            },
        );
        front.call(asks).await
    });
    inner.told().await;
    assert!(still.try_recv().is_ok() && !asked.is_finished());
    outer.told().await;
    opens.0.send(true).unwrap();
    assert_eq!(asked.await.unwrap(), Ok(()));
}
