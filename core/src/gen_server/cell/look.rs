//! How a server that is watched is looked at, by those who know its type.

use std::any::Any;

use super::Body;
use super::core::Core;
use super::doing::Doing;
use super::last_message::LastMessage;
use super::message::Mail;
use super::watch::{After, Look, Next, Settle};
use crate::gen_server::deadline::Deadline;
use crate::gen_server::{GenServer, Message};
use crate::sync::lock;

impl Look {
    /// For servers of this type.
    pub(in crate::gen_server) const fn at<S: GenServer>() -> Self {
        Self {
            before: before::<S>,
            after: after::<S>,
        }
    }
}

fn before<S: GenServer>(body: &dyn Any, shown: bool, settle: Settle<'_>) -> Option<Next> {
    let body = body.downcast_ref::<Body<S>>()?;
    let Core {
        instance,
        batch,
        terminates,
        ..
    } = &mut *lock(&body.core);
    if terminates.reason.is_some() {
        return None;
    }
    if batch.is_empty() {
        body.mailbox.take(Body::<S>::BOUND, batch);
    }
    let (instance, mail) = (instance.as_mut()?.get_mut(), batch.first()?);
    if let Mail::System(system) = mail {
        settle(system);
    }
    if mail.is_passed_over() {
        return None;
    }
    let sent = !matches!(mail.message(), Some(Message::Continue(_)));
    let message = shown.then(|| {
        let (doing, mut last) = (Doing::default(), LastMessage::default());
        mail.note(&doing, &mut last);
        instance
            .shown(last.shown(doing.last(), S::HANDLERS))
            .message
    });
    instance.cx.watch();
    Some(Next {
        sent,
        message: message.flatten(),
    })
}

fn after<S: GenServer>(body: &dyn Any, shown: bool) -> After {
    let Some(body) = body.downcast_ref::<Body<S>>() else {
        return After::Over;
    };
    let core = &*lock(&body.core);
    match &core.instance {
        Some(instance) if core.terminates.reason.is_none() => {
            After::State(shown.then(|| instance.get().shown(None).state).flatten())
        }
        _ => After::Over,
    }
}

impl<S: GenServer> Mail<S> {
    /// The message of a user, if it is one.
    fn message(&self) -> Option<&Message<S>> {
        match self {
            Self::Message(message) => Some(message),
            Self::Noted(noted) => Some(noted.message()),
            Self::System(_) => None,
        }
    }

    /// Whether no handler is to hear of it: of what is the crate's own, or has come to nothing, or of a call that nobody waits for.
    fn is_passed_over(&self) -> bool {
        match self {
            Self::System(system) => !system.is_event(),
            Self::Message(_) | Self::Noted(_) => {
                S::OPTIONS.deadlines && self.deadline().is_some_and(Deadline::is_over)
            }
        }
    }
}
