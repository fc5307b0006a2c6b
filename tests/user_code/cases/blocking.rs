//! Handlers that block: they run, their messages are dropped, and their callers are woken, in another thread.

use std::sync::mpsc;

use suptree::prelude::*;
use tokio::sync::oneshot;

use super::{a_while, spend};
use crate::fault::{Fault, Op, own, visit};
use crate::wakers::leave;

/// Where a handler waits, in its thread, until it is dropped.
struct Gate {
    begun: oneshot::Sender<()>,
    opened: mpsc::Receiver<()>,
}

impl Gate {
    /// And what says that it waits there, and what opens it.
    fn new() -> (Self, oneshot::Receiver<()>, mpsc::Sender<()>) {
        let ((begun, is_begun), (open, opened)) = (oneshot::channel(), mpsc::channel());
        (Self { begun, opened }, is_begun, open)
    }
}

#[derive(Default)]
struct Press(Option<Fault>);

#[genserver]
impl Press {
    #[call(blocking)]
    fn press(&mut self, held: Fault) -> Fault {
        visit(Op::Run);
        self.0 = Some(held.clone());
        held
    }

    #[cast(blocking)]
    fn keep(&mut self, held: Fault) {
        visit(Op::Run);
        self.0 = Some(held);
    }

    #[info(blocking)]
    fn fail(&mut self, held: Fault) -> Result<(), Fault> {
        visit(Op::Run);
        Err(held)
    }

    #[call(blocking)]
    fn squeeze(&mut self, gate: Gate, held: Fault) -> Fault {
        let _told = gate.begun.send(());
        let _opened = gate.opened.recv();
        visit(Op::Run);
        held.clone()
    }

    #[call]
    fn take(&mut self) -> Fault {
        self.0.take().unwrap_or_else(|| Fault::new(3))
    }
}

/// Calls, casts and other messages whose handlers block; callers that have gone; servers that are killed meanwhile.
pub(crate) async fn blocking() {
    let server = started!(Press::start());
    spend(server.press(Fault::new(1)).await);
    drop(server.keep(Fault::new(2)).await);
    a_while().await;
    spend(server.take().await);
    drop(server.fail(Fault::new(4)).await);
    a_while().await;
    server.kill();
    // The caller's waker is another executor's: it is woken, or dropped, in the thread that blocks.
    for gives_up in [false, true] {
        let server = started!(Press::start());
        let (gate, begun, open) = Gate::new();
        let held = own(async || Fault::new(5)).await;
        let mut call = Box::pin(server.squeeze(gate, held));
        let left = leave(call.as_mut());
        let _begun = begun.await;
        if left.is_pending() && !gives_up {
            drop(open);
            a_while().await;
            spend(call.await);
        } else {
            drop(call);
            drop(open);
            a_while().await;
        }
        spend(server.take().await);
        server.kill();
        a_while().await;
    }
    // Killed while it blocks, with one that waits behind.
    let server = started!(Press::start());
    let (gate, begun, open) = Gate::new();
    let held = own(async || Fault::new(6)).await;
    let mut call = Box::pin(server.squeeze(gate, held));
    let left = leave(call.as_mut());
    let _begun = begun.await;
    drop(server.keep(Fault::new(7)).await);
    server.kill();
    drop(open);
    a_while().await;
    if left.is_pending() {
        spend(call.await);
    }
}
