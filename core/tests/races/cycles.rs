//! Cycles of calls: of those that close one at once exactly one is told, and who may go on never is.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context as TaskContext, Poll, Wake, Waker};

use shuttle::future::block_on;
use suptree_core::__private::Mode;
use suptree_core::checker::Timers;
use suptree_core::{
    CallError, Context, ExitReason, GenServer, Inline, NoMessage, ReplyTo, Request, RequestMessage,
    ServerOptions, ServerRef, exit, monitor, start,
};

use crate::desk::Gate;
use crate::harness::{Faults, client, join, run};

/// A server that calls others in its handlers: in place where it can, or by the queue.
struct Ring<const QUEUED: bool>;

type Server<const QUEUED: bool> = ServerRef<Ring<QUEUED>>;
type Outcome = Result<(), CallError>;

/// What a handler does, one after the other.
enum Do<const QUEUED: bool> {
    /// Meets the others, so that all are in their handlers before any calls.
    Meet(Vec<Gate>, usize),
    Call(Server<QUEUED>),
    /// Calls by a future that polls the call only when that is woken.
    Apart(Server<QUEUED>),
    /// Begins a call, and keeps it until the gates are open.
    Hold(Server<QUEUED>, Vec<Gate>),
}

/// Polls a future when it is woken, and not whenever it is polled itself.
async fn apart<F: Future>(future: F) -> F::Output {
    struct Own {
        woken: AtomicBool,
        outer: Mutex<Option<Waker>>,
    }
    impl Wake for Own {
        fn wake(self: Arc<Self>) {
            self.woken.store(true, Ordering::SeqCst);
            let outer = self.outer.lock().expect("no poison").take();
            outer.into_iter().for_each(Waker::wake);
        }
    }
    let own = Arc::new(Own {
        woken: AtomicBool::new(true),
        outer: Mutex::default(),
    });
    let waker = Waker::from(Arc::clone(&own));
    let mut future = pin!(future);
    poll_fn(|cx| {
        *own.outer.lock().expect("no poison") = Some(cx.waker().clone());
        if !own.woken.swap(false, Ordering::SeqCst) {
            return Poll::Pending;
        }
        // As a collection that has polled all that it has.
        cx.waker().wake_by_ref();
        future.as_mut().poll(&mut TaskContext::from_waker(&waker))
    })
    .await
}

struct Ask<const QUEUED: bool>(Vec<Do<QUEUED>>);

async fn act<const QUEUED: bool>(acts: Vec<Do<QUEUED>>) -> Outcome {
    for act in acts {
        match act {
            Do::Meet(gates, own) => {
                gates[own].open();
                for gate in gates {
                    gate.passed().await;
                }
            }
            Do::Call(server) => server.call(Ask(Vec::new())).no_timeout().await??,
            Do::Apart(server) => apart(server.call(Ask(Vec::new())).no_timeout()).await??,
            Do::Hold(server, gates) => {
                let mut call = pin!(server.call(Ask(Vec::new())).no_timeout());
                let first = poll_fn(|cx| Poll::Ready(call.as_mut().poll(cx))).await;
                if let Poll::Ready(outcome) = first {
                    return outcome?;
                }
                // Once more, without the call: from here on it is none that was polled last.
                let mut again = false;
                poll_fn(|cx| {
                    if std::mem::replace(&mut again, true) {
                        return Poll::Ready(());
                    }
                    cx.waker().wake_by_ref();
                    Poll::Pending
                })
                .await;
                for gate in gates {
                    gate.passed().await;
                }
            }
        }
    }
    Ok(())
}

impl<const QUEUED: bool> GenServer for Ring<QUEUED> {
    type Args = ();
    type Call = (Ask<QUEUED>, ReplyTo<Outcome>);
    type Cast = NoMessage;
    type Info = NoMessage;
    type Client = ServerRef<Self>;

    const OPTIONS: ServerOptions = if QUEUED {
        ServerOptions::new().inline(Inline::Never)
    } else {
        ServerOptions::new().inline(Inline::Always)
    };

    async fn init((): (), _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
        Ok(Self)
    }

    async fn handle_call(
        &mut self,
        (ask, reply): Self::Call,
        _cx: &mut Context<Self>,
    ) -> Result<(), ExitReason> {
        reply.send(act(ask.0).await);
        Ok(())
    }
}

impl<const QUEUED: bool> Request<Ring<QUEUED>> for Ask<QUEUED> {
    const MODE: Mode = Mode::Async;

    async fn handle_async(
        self,
        _server: &mut Ring<QUEUED>,
        _cx: &mut Context<Ring<QUEUED>>,
    ) -> Outcome {
        act(self.0).await
    }
}

impl<const QUEUED: bool> RequestMessage<Ring<QUEUED>> for Ask<QUEUED> {
    type Reply = Outcome;
    type Args = Self;

    fn into_call(self, reply: ReplyTo<Outcome>) -> (Self, ReplyTo<Outcome>) {
        (self, reply)
    }

    fn take_back(call: (Self, ReplyTo<Outcome>)) -> Option<Self> {
        Some(call.0)
    }
}

fn servers<const QUEUED: bool, const N: usize>() -> [Server<QUEUED>; N] {
    block_on(async {
        let mut servers = Vec::new();
        for _ in 0..N {
            servers.push(start::<Ring<QUEUED>>(()).await.expect("it starts"));
        }
        servers.try_into().expect("so many")
    })
}

/// Has each of these servers do something, from a thread each. How many were told of a cycle.
fn all<const QUEUED: bool>(
    faults: &Faults,
    work: impl IntoIterator<Item = (Server<QUEUED>, Vec<Do<QUEUED>>)>,
    may_end: bool,
) -> usize {
    let told = Arc::new(AtomicUsize::new(0));
    let clients = work.into_iter().map(|(server, acts)| {
        let (told, faults) = (Arc::clone(&told), faults.clone());
        client(async move {
            match server.call(Ask(acts)).no_timeout().await {
                Ok(Ok(())) => {}
                Ok(Err(CallError::Deadlock(_))) => {
                    told.fetch_add(1, Ordering::SeqCst);
                }
                Ok(Err(CallError::Exited(_) | CallError::NoProc))
                | Err(CallError::Exited(_) | CallError::NoProc)
                    if may_end => {}
                other => faults.add(format!("{other:?}")),
            }
        })
    });
    join(clients.collect::<Vec<_>>());
    told.load(Ordering::SeqCst)
}

/// So many servers, each of which calls the next when all are in their handlers.
fn ring<const QUEUED: bool, const N: usize>(faults: &Faults) {
    ring_by::<QUEUED, N>(faults, |_| Do::Call);
}

fn ring_by<const QUEUED: bool, const N: usize>(
    faults: &Faults,
    call: fn(usize) -> fn(Server<QUEUED>) -> Do<QUEUED>,
) {
    let servers = servers::<QUEUED, N>();
    let gates: Vec<_> = (0..N).map(|_| Gate::default()).collect();
    let work = (0..N).map(|at| {
        let next = servers[(at + 1) % N].clone();
        let acts = vec![Do::Meet(gates.clone(), at), call(at)(next)];
        (servers[at].clone(), acts)
    });
    let told = all(faults, work, false);
    if told != 1 {
        faults.add(format!("{told} of {N} were told"));
    }
}

pub(crate) fn of_two() {
    run(Timers::Never, ring::<false, 2>);
}

pub(crate) fn of_two_queued() {
    run(Timers::Never, ring::<true, 2>);
}

pub(crate) fn of_three() {
    run(Timers::Never, ring::<true, 3>);
}

/// Their calls are polled only when they are woken.
pub(crate) fn of_two_apart() {
    run(Timers::Never, |faults| {
        ring_by::<false, 2>(faults, |_| Do::Apart);
    });
}

pub(crate) fn of_three_apart() {
    run(Timers::Never, |faults| {
        ring_by::<true, 3>(faults, |at| if at == 0 { Do::Call } else { Do::Apart });
    });
}

/// One holds a call to another, which calls it: it waits for something else, and nobody is told.
pub(crate) fn held() {
    run(Timers::Never, |faults| {
        let [a, b] = servers::<true, 2>();
        let [met, ends] = [Gate::default(), Gate::default()];
        let opens = {
            let (met, ends) = (met.clone(), ends.clone());
            client(async move {
                met.passed().await;
                ends.open();
            })
        };
        let work = [
            (
                a.clone(),
                vec![Do::Hold(b.clone(), vec![met.clone(), ends])],
            ),
            (b, vec![Do::Meet(vec![met], 0), Do::Call(a)]),
        ];
        let told = all(faults, work, false);
        if told != 0 {
            faults.add(format!("{told} were told of a cycle that is none"));
        }
        join([opens]);
    });
}

/// Whether they close a cycle depends on who comes first: nobody hangs, and at most one is told.
pub(crate) fn perhaps() {
    run(Timers::Never, |faults| {
        let [a, b] = servers::<false, 2>();
        let work = [
            (a.clone(), vec![Do::Call(b.clone()), Do::Call(b.clone())]),
            (b.clone(), vec![Do::Call(a.clone())]),
        ];
        let told = all(faults, work, false);
        if told > 1 {
            faults.add(format!("{told} were told"));
        }
    });
}

/// Nobody calls one that may wait for it: nobody is told.
pub(crate) fn none() {
    run(Timers::Never, |faults| {
        let [a, b, c] = servers::<true, 3>();
        let to = |server: &Server<true>| Do::Call(server.clone());
        let work = [
            (a.clone(), vec![to(&b), to(&c)]),
            (b.clone(), vec![to(&c)]),
            (a.clone(), vec![to(&c), to(&b)]),
        ];
        let told = all(faults, work, false);
        if told != 0 {
            faults.add(format!("{told} were told of a cycle that is none"));
        }
    });
}

/// One is killed while the cycle is closed.
pub(crate) fn killed() {
    run(Timers::Never, |faults| {
        let [a, b] = servers::<false, 2>();
        let gates = vec![Gate::default(), Gate::default()];
        let victim = b.pid().expect("it lives");
        let kills = client(async move {
            let down = monitor(victim);
            exit(victim, ExitReason::Kill);
            down.await;
        });
        let work = [(&a, &b, 0), (&b, &a, 1)].map(|(from, to, own)| {
            let acts = vec![Do::Meet(gates.clone(), own), Do::Call(to.clone())];
            (from.clone(), acts)
        });
        // Who waits at a gate that nobody opens any more is let go.
        let opens = {
            let gates = gates.clone();
            client(async move {
                monitor(victim).await;
                gates.iter().for_each(Gate::open);
            })
        };
        let told = all(faults, work, true);
        if told > 1 {
            faults.add(format!("{told} were told"));
        }
        join([kills, opens]);
    });
}
