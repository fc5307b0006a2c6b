//! Hibernation: a server that nothing comes to gives back the memory that it does not need.
//!
//! A handler asks for it, and it is noted beside the signals: so its runner sees to it when the handler is done, before anything
//! else, and nobody looks for it otherwise. It comes to nothing where there is something to do. Where all that is queued is the
//! crate's own, such as a look at a stream, it is asked for again behind that: whether there is anything to do is not known before.

use std::any::Any;

use super::message::Mail;
use super::{AnyCell, Cause, Cell};
use crate::catch::catch_dyn;
use crate::exit_reason::ExitReason;
use crate::gen_server::GenServer;
use crate::gen_server::asked::Hibernate;
use crate::gen_server::handler::HandlerCode;
use crate::gen_server::report::{self, Callback};
use crate::guard::discard;
use crate::process::{Header, current};
use crate::sync::{Arc, lock};
use crate::trace::GuardedSpan;

impl AnyCell {
    /// The server is to hibernate when its handler is done, unless there is something to do by then.
    pub(super) fn hibernate_next(&self, hibernate: Hibernate) {
        lock(&self.control).get_or_insert_default().hibernates = Some(hibernate);
        // Seen to by who runs it.
        let _running = self.state.note_signal();
    }

    /// The server takes up what is the crate's own, and hibernates behind it if that was put off; unless it is an event, which a
    /// handler hears of: then there was something to do.
    #[cold]
    pub(super) fn hibernate_again(&self, is_event: bool) {
        let put_off = {
            let mut control = lock(&self.control);
            control.as_mut().and_then(|it| it.hibernates_later.take())
        };
        if let Some(hibernate) = put_off
            && !is_event
        {
            self.hibernate_next(hibernate);
        }
    }

    pub(super) fn is_to_hibernate(&self) -> bool {
        let control = lock(&self.control);
        control.as_ref().is_some_and(|it| it.hibernates.is_some())
    }

    /// Hibernates, if that was asked for. By the server's runner.
    pub(super) fn hibernate(&self) {
        let hibernates = lock(&self.control)
            .as_mut()
            .and_then(|control| control.hibernates.take());
        if let Some(hibernate) = hibernates
            && let Err(reason) = hibernate(&self.header)
        {
            self.body.terminate_next(self, reason, Cause::Itself);
            self.state.keep_mail();
        }
    }
}

/// Hibernates a server of this type: instantiated where a handler asks for it.
pub(in crate::gen_server) fn hibernate<S: GenServer>(server: &Header) -> Result<(), ExitReason> {
    let process = server.node.process(server.pid);
    let process = process.map(|process| process as Arc<dyn Any + Send + Sync>);
    match process.and_then(|process| process.downcast::<Cell<S>>().ok()) {
        Some(cell) => cell.give_back(),
        None => Ok(()),
    }
}

impl<S: GenServer> Cell<S> {
    fn give_back(&self) -> Result<(), ExitReason> {
        let core = &mut *lock(&self.body.core);
        if core.terminates.reason.is_some() {
            return Ok(());
        }
        // Nobody is woken for this: what comes meanwhile is seen to next.
        if !core.batch.is_empty() || !self.body.mailbox.give_back() {
            if core.batch.messages.iter().all(Mail::is_own)
                && self.body.mailbox.holds_only(Mail::is_own)
            {
                lock(&self.control).get_or_insert_default().hibernates_later = Some(hibernate::<S>);
            }
            return Ok(());
        }
        core.batch.give_back();
        if let Some(memory) = core.handlings.take() {
            discard(memory);
        }
        let Some(instance) = &mut core.instance else {
            return Ok(());
        };
        let instance = instance.get_mut();
        let _scope = current::enter(self.pid());
        self.doing.begin(HandlerCode::HIBERNATE);
        instance.last.forget();
        let span = report::span(
            &self.header,
            std::any::type_name::<S>(),
            Callback::Hibernate,
        );
        let _entered = span.as_deref().map(GuardedSpan::enter);
        let (state, cx) = (instance.state.get_mut(), &mut instance.cx);
        let given_back = catch_dyn(&mut || state.hibernate(cx));
        // It does so already.
        if let Some(asked) = &mut cx.asked {
            let _again = asked.take_hibernate();
        }
        given_back?;
        match self.any().take_asked(&mut cx.asked, &mut core.batch) {
            Some(reason) => Err(reason),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::gen_server::{Context, GenServer, NoMessage, ServerRef};
    use crate::sync::lock;
    use crate::{ExitReason, ReplyTo};

    struct Sleeps;

    impl GenServer for Sleeps {
        type Args = ();
        type Call = ReplyTo<()>;
        type Cast = bool;
        type Info = NoMessage;
        type Client = ServerRef<Self>;

        async fn init((): (), _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
            Ok(Self)
        }

        async fn handle_call(
            &mut self,
            reply: ReplyTo<()>,
            _cx: &mut Context<Self>,
        ) -> Result<(), ExitReason> {
            reply.send(());
            Ok(())
        }

        async fn handle_cast(
            &mut self,
            hibernates: bool,
            cx: &mut Context<Self>,
        ) -> Result<(), ExitReason> {
            tokio::task::yield_now().await;
            if hibernates {
                cx.hibernate();
            }
            Ok(())
        }
    }

    /// What it holds for messages: in the mailbox and in the batch, and how many futures of handlers.
    fn held(server: &ServerRef<Sleeps>) -> (usize, usize) {
        let cell = server.address.get().expect("it lives");
        let core = lock(&cell.body.core);
        let messages = cell.body.mailbox.capacity() + core.batch.capacity();
        (messages, usize::from(!core.handlings.is_empty()))
    }

    #[tokio::test(start_paused = true)]
    async fn gs_75_a_server_that_hibernates_holds_no_memory_of_messages() {
        let server = crate::start::<Sleeps>(()).await.expect("starts");
        for _ in 0..2 {
            for _ in 0..100 {
                server.cast(false).await.expect("it lives");
            }
            server
                .call_with(std::convert::identity)
                .await
                .expect("it answers");
            let (messages, futures) = held(&server);
            assert!(messages >= 100 && futures == 1, "{messages} {futures}");
            server.cast(true).await.expect("it lives");
            for _ in 0..10 {
                tokio::task::yield_now().await;
            }
            assert_eq!(held(&server), (0, 0));
            server
                .call_with(std::convert::identity)
                .await
                .expect("it answers");
        }
    }
}
