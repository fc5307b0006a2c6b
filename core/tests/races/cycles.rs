//! Cycles of calls: of those that close one at once exactly one is told, and who may go on never is.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use shuttle::future::block_on;
use suptree_core::__private::Mode;
use suptree_core::checked::Timers;
use suptree_core::{
    CallError, Context, ExitReason, GenServer, Inline, NoMessage, ReplyTo, Request, ServerOptions,
    ServerRef, exit, monitor, start,
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
    type Reply = Outcome;
    type Args = Self;
    const MODE: Mode = Mode::Async;

    fn into_call(self, reply: ReplyTo<Outcome>) -> (Self, ReplyTo<Outcome>) {
        (self, reply)
    }

    fn take_back(call: (Self, ReplyTo<Outcome>)) -> Option<Self> {
        Some(call.0)
    }

    async fn handle_async(
        self,
        _server: &mut Ring<QUEUED>,
        _cx: &mut Context<Ring<QUEUED>>,
    ) -> Outcome {
        act(self.0).await
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
    let servers = servers::<QUEUED, N>();
    let gates: Vec<_> = (0..N).map(|_| Gate::default()).collect();
    let work = (0..N).map(|at| {
        let next = servers[(at + 1) % N].clone();
        let acts = vec![Do::Meet(gates.clone(), at), Do::Call(next)];
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
