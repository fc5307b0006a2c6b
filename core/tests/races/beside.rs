//! Calls that are answered beside their server, and handlers that block, as the server ends: each call has one end, a handler that was
//! begun is not disturbed, and no work outlives its server.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use shuttle::future::block_on;
use shuttle::sync::atomic::AtomicBool;
use suptree_core::__private::{Message, answer_by_task};
use suptree_core::checker::Timers;
use suptree_core::{
    CallError, Context, ExitReason, GenServer, NoMessage, ReplyTo, ServerRef, monitor, processes,
    start,
};

use crate::desk::Gate;
use crate::harness::{Faults, client, join, run};

/// What is known about a worker outside of it.
#[derive(Default)]
struct Notes {
    faults: Faults,
    inside: AtomicBool,
    blocked: AtomicU64,
    ended: AtomicU64,
}

struct Worker(Arc<Notes>);

impl Worker {
    fn alone(&self, handle: impl FnOnce()) {
        if self.0.inside.swap(true, Ordering::SeqCst) {
            self.0.faults.add("two are inside");
        }
        handle();
        self.0.inside.store(false, Ordering::SeqCst);
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        if self.0.inside.load(Ordering::SeqCst) {
            self.0.faults.add("it is dropped under a handler");
        }
        self.0.ended.fetch_add(1, Ordering::SeqCst);
    }
}

/// Something that is to be dropped with the work.
type Held = Arc<()>;

enum Ask {
    Beside(Gate, Held, ReplyTo<u32>),
    Block(Held, ReplyTo<u32>),
    Now(ReplyTo<u32>),
}

impl GenServer for Worker {
    type Args = Arc<Notes>;
    type Call = Ask;
    type Cast = NoMessage;
    type Info = NoMessage;
    type Client = ServerRef<Self>;

    const BLOCKS: bool = true;

    async fn init(notes: Arc<Notes>, _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
        Ok(Self(notes))
    }

    async fn handle_call(&mut self, ask: Ask, cx: &mut Context<Self>) -> Result<(), ExitReason> {
        match ask {
            Ask::Beside(gate, held, reply) => {
                let work = async move {
                    gate.passed().await;
                    drop(held);
                    7
                };
                answer_by_task(cx, reply, work)
            }
            Ask::Block(..) => unreachable!("it blocks"),
            Ask::Now(reply) => {
                self.alone(|| reply.send(7));
                Ok(())
            }
        }
    }

    fn message_blocks(message: &Message<Self>) -> bool {
        matches!(message, Message::Call(Ask::Block(..)))
    }

    fn handle_message_now(
        &mut self,
        message: Message<Self>,
        _cx: &mut Context<Self>,
    ) -> Result<(), ExitReason> {
        if let Message::Call(Ask::Block(held, reply)) = message {
            self.alone(|| {
                self.0.blocked.fetch_add(1, Ordering::SeqCst);
                drop(held);
                reply.send(7);
            });
        }
        Ok(())
    }
}

fn worker(faults: &Faults) -> (ServerRef<Worker>, Arc<Notes>) {
    let notes = Arc::new(Notes {
        faults: faults.clone(),
        ..Notes::default()
    });
    let args = Arc::clone(&notes);
    let worker = block_on(async { start::<Worker>(args).await });
    (worker.expect("it starts"), notes)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Killed,
    Stopped,
}

/// Ends it, and returns when that is told.
fn end(faults: &Faults, worker: &ServerRef<Worker>, how: How) {
    let down = worker.monitor();
    let expected = match how {
        How::Killed => {
            worker.kill();
            ExitReason::Killed
        }
        How::Stopped => {
            let stopped = block_on(async { worker.stop().await });
            if let Err(error) = stopped {
                faults.add(format!("it does not stop: {error}"));
            }
            ExitReason::Normal
        }
    };
    let reason = block_on(down).reason;
    if reason != expected {
        faults.add(format!("it ended with {reason}, not {expected}"));
    }
}

/// The answer, or what the server ended of.
fn told(faults: &Faults, answer: &Result<u32, CallError>, how: How) {
    let right = match answer {
        Ok(answer) => *answer == 7,
        Err(CallError::NoProc) => true,
        Err(CallError::Exited(ExitReason::Killed)) => how == How::Killed,
        Err(CallError::Exited(ExitReason::Normal)) => how == How::Stopped,
        Err(_) => false,
    };
    if !right {
        faults.add(format!("a call has {answer:?}"));
    }
}

/// The server ends while a task works in its stead, which is done at any moment, or never.
fn beside(how: How, opens: bool) {
    run(Timers::Never, |faults| {
        let (worker, _notes) = worker(faults);
        let (gate, held) = (Gate::default(), Arc::new(()));
        let (f, w) = (faults.clone(), worker.clone());
        let (passes, holds) = (gate.clone(), Arc::clone(&held));
        let calls = client(async move {
            let ask = |reply| Ask::Beside(passes, holds, reply);
            let answer = w.call_with(ask).no_timeout().await;
            if !opens && answer.is_ok() {
                f.add("it is answered before it is done");
            }
            told(&f, &answer, how);
        });
        let done = client(async move {
            if opens {
                gate.open();
            }
        });
        end(faults, &worker, how);
        join([calls, done]);
        // The task ends without help.
        for left in processes() {
            block_on(monitor(left.pid));
        }
        if Arc::strong_count(&held) > 1 {
            faults.add("a task is dead, and what it held is not dropped");
        }
    });
}

pub(crate) fn killed_as_its_task_is_done() {
    beside(How::Killed, true);
}

pub(crate) fn killed_while_its_task_waits() {
    beside(How::Killed, false);
}

pub(crate) fn stopped_as_its_task_is_done() {
    beside(How::Stopped, true);
}

pub(crate) fn stopped_while_its_task_waits() {
    beside(How::Stopped, false);
}

/// The server ends while a handler waits for a thread, or blocks it: it is handled, and answered, or not begun.
fn blocking(how: How) {
    run(Timers::Never, |faults| {
        let (worker, notes) = worker(faults);
        let held = Arc::new(());
        let (f, w, n, h) = (
            faults.clone(),
            worker.clone(),
            Arc::clone(&notes),
            Arc::clone(&held),
        );
        let blocks = client(async move {
            let answer = w.call_with(|reply| Ask::Block(h, reply)).no_timeout().await;
            told(&f, &answer, how);
            if answer.is_ok() != (n.blocked.load(Ordering::SeqCst) == 1) {
                f.add(format!("a call that was handled, or not, has {answer:?}"));
            }
        });
        let (f, w) = (faults.clone(), worker.clone());
        let asks = client(async move { told(&f, &w.call_with(Ask::Now).no_timeout().await, how) });
        end(faults, &worker, how);
        let ended = notes.ended.load(Ordering::SeqCst);
        if ended != 1 {
            faults.add(format!("its end is told, and it is dropped {ended} times"));
        }
        join([blocks, asks]);
        if Arc::strong_count(&held) > 1 {
            faults.add("a message is left in a server that is dead");
        }
    });
}

pub(crate) fn killed_as_it_blocks() {
    blocking(How::Killed);
}

pub(crate) fn stopped_as_it_blocks() {
    blocking(How::Stopped);
}

/// Two block it, and others ask: each is answered, one at a time.
pub(crate) fn blocked_by_two() {
    run(Timers::Never, |faults| {
        let (worker, notes) = worker(faults);
        let calls = [true, false, true].map(|blocks| {
            let (f, w) = (faults.clone(), worker.clone());
            client(async move {
                let answer = if blocks {
                    let ask = |reply| Ask::Block(Arc::default(), reply);
                    w.call_with(ask).no_timeout().await
                } else {
                    w.call_with(Ask::Now).no_timeout().await
                };
                if answer != Ok(7) {
                    f.add(format!("a call has {answer:?}"));
                }
            })
        });
        join(calls);
        let blocked = notes.blocked.load(Ordering::SeqCst);
        if blocked != 2 {
            faults.add(format!("{blocked} were handled, not 2"));
        }
    });
}
