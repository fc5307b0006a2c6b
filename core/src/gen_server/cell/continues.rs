//! What a handler has asked for, taken up when it is done and counted: a stop, messages that come before everything queued, or a timeout.
//!
//! Messages are put in front of the batch, and `MAIL` is set: so the server is not idle, callers stay out or work them off first, a
//! signal takes effect before them, and they are dropped with what else is unread.

use std::any::Any;

use super::batch::Batch;
use super::core::Core;
use super::instance::{Instance, Kept};
use super::message::Mail;
use super::{AnyCell, Body};
use crate::exit_reason::ExitReason;
use crate::gen_server::asked::{Asked, Continue};
use crate::gen_server::{Context, GenServer, Message};
use crate::guard::Guarded;
use crate::planted::{Bug, planted};
use crate::process::Header;

/// A message that a server of this type handles next.
pub(in crate::gen_server) struct First<S: GenServer>(Guarded<Message<S>>);

impl<S: GenServer> First<S> {
    pub(in crate::gen_server) const fn new(message: Message<S>) -> Self {
        Self(Guarded::new(message))
    }
}

impl<S: GenServer> Continue for First<S> {
    fn put_first(self: Box<Self>, batch: &mut dyn Any, server: &Header) {
        let mut mail = Some(Mail::Message(self.0.into_inner()));
        Mail::<S>::note_sender(&mut mail, server);
        if let (Some(mail), Some(batch)) = (mail, batch.downcast_mut::<Batch<Mail<S>>>()) {
            batch.put_first(mail);
        }
    }
}

/// What the runner does when a handler that it has begun is done.
pub(super) enum Then {
    Leave,
    /// There is more to do, which the caller must not wait for.
    LeaveToTask,
    Exit(ExitReason),
}

impl<S: GenServer> Core<S> {
    /// The handler is done that had the instance.
    #[inline]
    pub(super) fn put_back(&mut self, instance: Box<Instance<S>>, cell: &AnyCell) -> Then {
        let instance = self.instance.insert(Kept::new(instance)).get_mut();
        if !instance.cx.has_asked() {
            return Then::Leave;
        }
        match cell.take_asked(&mut instance.cx.asked, &mut self.batch) {
            Some(reason) => Then::Exit(reason),
            None if cell.state.snapshot().has_news() => Then::LeaveToTask,
            None => Then::Leave,
        }
    }
}

impl<S: GenServer> Body<S> {
    /// Takes up what a handler has asked for.
    #[cold]
    #[inline(never)]
    pub(super) fn take_asked(
        cell: &AnyCell,
        cx: &mut Context<S>,
        batch: &mut Batch<Mail<S>>,
    ) -> Option<ExitReason> {
        cell.take_asked(&mut cx.asked, batch)
    }
}

impl AnyCell {
    /// Takes up what a handler has asked for, or `init`. `Some`: the server has to end, in order, for this reason.
    #[cold]
    #[inline(never)]
    pub(super) fn take_asked(
        &self,
        asked: &mut Option<Box<Asked>>,
        batch: &mut dyn Any,
    ) -> Option<ExitReason> {
        let found = asked.as_mut()?;
        if let Some(replies) = found.take_replies() {
            self.note_replies(replies);
        }
        if let Some(reason) = found.take_stop() {
            // Replies may be held back until it has terminated, and what it would have continued with is dropped with it.
            return Some(reason);
        }
        let (next, wait) = (found.take_continues(), found.take_wait());
        if let Some(hibernate) = found.take_hibernate() {
            self.hibernate_next(hibernate);
        }
        if !found.stays() {
            *asked = None;
        }
        if !next.is_empty() && !planted(Bug::ContinueForgotten) {
            for message in next.into_iter().rev() {
                message.put_first(batch, &self.header);
            }
            self.state.keep_mail();
        }
        if let Some((time, anew)) = wait {
            self.wait_for_message(time, anew);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use crate::gen_server::{Context, GenServer, ServerRef};
    use crate::planted::{Bug, plant};
    use crate::{ExitReason, ReplyTo};

    #[derive(Default)]
    struct Notes(Vec<u8>);

    impl GenServer for Notes {
        type Args = ();
        type Call = ReplyTo<Vec<u8>>;
        type Cast = u8;
        type Info = u8;
        type Client = ServerRef<Self>;

        async fn init((): (), _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
            Ok(Self::default())
        }

        async fn handle_call(
            &mut self,
            reply: ReplyTo<Vec<u8>>,
            _cx: &mut Context<Self>,
        ) -> Result<(), ExitReason> {
            reply.send(self.0.clone());
            Ok(())
        }

        async fn handle_cast(&mut self, n: u8, cx: &mut Context<Self>) -> Result<(), ExitReason> {
            self.0.push(n);
            cx.continue_with(n + 1);
            Ok(())
        }

        async fn handle_continue(
            &mut self,
            n: u8,
            _cx: &mut Context<Self>,
        ) -> Result<(), ExitReason> {
            self.0.push(n);
            Ok(())
        }
    }

    async fn noted(bug: Option<Bug>) -> Vec<u8> {
        plant(bug);
        let notes = crate::start::<Notes>(()).await.expect("starts");
        notes.cast(1).await.expect("it lives");
        notes.cast(3).await.expect("it lives");
        let noted = notes.call_with(std::convert::identity).await;
        plant(None);
        noted.expect("it answers")
    }

    #[tokio::test(start_paused = true)]
    async fn r300_a_continue_that_is_forgotten_or_late_is_noticed() {
        assert_eq!(noted(None).await, [1, 2, 3, 4]);
        assert_eq!(noted(Some(Bug::ContinueForgotten)).await, [1, 3]);
        assert_eq!(noted(Some(Bug::ContinueComesLast)).await, [1, 3, 2, 4]);
    }
}
