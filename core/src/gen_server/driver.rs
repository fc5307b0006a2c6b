//! The driver: the server loop as one future. It takes the state, works off the queue, and brings the state back.
//!
//! Only whoever is inside the cell polls it. When it returns without a verdict, a handler waits at an `.await`, and the
//! state is in here. It never unwinds: handlers are polled under a guard of their own, with the state outside of them.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use super::GenServer;
use super::cell::{Cell, Home, LastMessage};
use super::mailbox::{Batch, Message};
use super::word::SIGNAL;
use crate::exit_reason::ExitReason;
use crate::guard::{catch, lock};

/// What a turn of the driver ended with.
pub(crate) enum Verdict {
    /// Nothing is left.
    Idle,
    /// There is more, but others may want their turn.
    More,
    /// The server is done, `terminate` included.
    Stop(ExitReason),
}

/// Messages in one turn.
const TURN: u32 = 256;

pub(super) async fn drive<S: GenServer>(cell: Arc<Cell<S>>) {
    let mut batch = Batch::new();
    loop {
        let (home, next, parting) = {
            let mut inside = lock(&cell.inside);
            (inside.home.take(), inside.next.take(), inside.parting.take())
        };
        let Some(mut home) = home else {
            return;
        };
        let verdict = match parting {
            Some(reason) => Verdict::Stop(terminate(&mut home, reason).await),
            None => turn(&cell, &mut home, &mut batch, next).await,
        };
        {
            let mut inside = lock(&cell.inside);
            inside.home = Some(home);
            inside.verdict = Some(verdict);
        }
        turn_over().await;
    }
}

/// Returns to whoever polls the driver, once.
async fn turn_over() {
    let mut returned = false;
    poll_fn(|_| {
        if returned {
            return Poll::Ready(());
        }
        returned = true;
        Poll::Pending
    })
    .await;
}

async fn turn<S: GenServer>(
    cell: &Arc<Cell<S>>,
    home: &mut Home<S>,
    batch: &mut Batch<S>,
    mut next: Option<Message<S>>,
) -> Verdict {
    for _ in 0..TURN {
        let message = match next.take().or_else(|| batch.next()) {
            Some(message) => message,
            None if cell.mailbox.take(batch) => continue,
            None => return Verdict::Idle,
        };
        cell.mailbox.taken(batch.len());
        if let Err(reason) = handle(home, message).await {
            return Verdict::Stop(terminate(home, reason).await);
        }
        cell.count();
        // A signal takes effect before the next message is looked at.
        if cell.word.load() & SIGNAL != 0 {
            return Verdict::More;
        }
    }
    Verdict::More
}

/// Handles one message. An error: the server has to end for this reason, in order.
async fn handle<S: GenServer>(home: &mut Home<S>, message: Message<S>) -> Result<(), ExitReason> {
    home.last.note::<S>(&message);
    let state = home.state.get_mut();
    let cx = &mut home.cx;
    match message {
        Message::Call(call) => guarded(async { S::handle_call(state, call, cx).await }).await??,
        Message::Cast(cast) => guarded(async { S::handle_cast(state, cast, cx).await }).await??,
        Message::Info(info) => guarded(async { S::handle_info(state, info, cx).await }).await??,
        Message::Exit { from, reason } => {
            guarded(async { S::handle_exit(state, from, reason, cx).await }).await??;
        }
        Message::Stop(reason) => return Err(reason),
    }
    match home.cx.take_stop() {
        Some(reason) => Err(reason),
        None => Ok(()),
    }
}

/// Runs `terminate`, then sends the replies that had to come after it. A panic in it becomes the reason.
async fn terminate<S: GenServer>(home: &mut Home<S>, reason: ExitReason) -> ExitReason {
    let state = home.state.get_mut();
    let cx = &mut home.cx;
    let terminated = guarded(async { S::terminate(state, &reason, cx).await }).await;
    home.cx.send_held_replies();
    terminated.err().unwrap_or(reason)
}

/// Polls user code; a panic becomes an exit reason.
async fn guarded<F: Future>(future: F) -> Result<F::Output, ExitReason> {
    let mut future = pin!(future);
    poll_fn(|cx| match catch(|| future.as_mut().poll(cx)) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
        Err(reason) => Poll::Ready(Err(reason)),
    })
    .await
}

impl LastMessage {
    #[inline]
    fn note<S: GenServer>(&mut self, message: &Message<S>) {
        let described = match message {
            Message::Call(call) => ("call", S::describe_call(call)),
            Message::Cast(cast) => ("cast", S::describe_cast(cast)),
            Message::Info(info) => ("message", S::describe_info(info)),
            Message::Exit { .. } => ("exit", super::Described::new("of another process")),
            Message::Stop(_) => ("request", super::Described::new("to stop")),
        };
        self.set::<S>(described.0, &described.1);
    }

    #[inline]
    pub(super) fn set<S: GenServer>(&mut self, kind: &'static str, described: &super::Described<'_>) {
        self.kind = kind;
        self.name = described.name();
        if S::OPTIONS.last_message {
            self.text = crate::report::display(described);
        }
    }
}
