//! Handling messages plainly: those whose handlers do not wait, one after the other, without a future.

use crate::catch::catch;
use crate::exit_reason::ExitReason;
use crate::gen_server::cell::Cell;
use crate::gen_server::cell::core::{Home, Inside};
use crate::gen_server::cell::last_message::Kind;
use crate::gen_server::cell::mailbox::{Message, System};
use crate::gen_server::{Described, GenServer, Tried};
use crate::rt;

impl<S: GenServer> Home<S> {
    /// Terminates, where that does not wait. `Some`: it is done, and this is the reason the server ends with.
    pub(super) fn try_terminate(&mut self, reason: &ExitReason) -> Option<ExitReason> {
        let Self { state, cx, .. } = self;
        let ended = match catch(|| state.get_mut().try_terminate(reason, cx)) {
            Ok(true) => reason.clone(),
            Ok(false) => return None,
            // OTP: a `terminate` that fails is the reason then.
            Err(panic) => panic,
        };
        cx.send_held_replies();
        Some(ended)
    }
}

/// What handling messages without waiting came to.
pub(super) enum Halt {
    /// Nothing is left of the batch.
    Empty,
    /// A signal came in: it takes effect before the next message is looked at.
    Signal,
    /// As many as were allowed.
    Spent,
    /// The handler of the message that is left may wait.
    Waits,
    /// The server has to end, in order, for the reason that is left.
    Ends,
}

/// What handling messages plainly leaves behind.
pub(super) struct Left<S: GenServer> {
    pub(super) message: Option<Message<S>>,
    /// When it was begun, if its time is taken.
    pub(super) start: Option<rt::Instant>,
    /// Why the server has to end.
    pub(super) reason: Option<ExitReason>,
}

impl<S: GenServer> Left<S> {
    pub(super) const fn new(message: Option<Message<S>>) -> Self {
        Self {
            message,
            start: None,
            reason: None,
        }
    }
}

impl<S: GenServer> Cell<S> {
    /// Handles at most `most` messages, one after the other, while their handlers do not wait. One that is left, if any,
    /// comes before the batch.
    ///
    /// The panic of a handler ends it all: they run inside of one guard.
    #[inline]
    pub(super) fn handle_plainly(
        &self,
        inside: &mut Inside<S>,
        left: &mut Left<S>,
        most: &mut u32,
    ) -> Halt {
        let Inside {
            home: Some(home),
            batch,
            tempo,
            ..
        } = inside
        else {
            return Halt::Empty;
        };
        let Home { state, cx, last } = &mut **home;
        let handled = catch(|| {
            let state = state.get_mut();
            let timed = left.message.is_some() || self.is_slow();
            loop {
                let message = match left.message.take() {
                    Some(message) => message,
                    None => {
                        let Some(message) = batch.next() else {
                            return Halt::Empty;
                        };
                        self.mailbox.progress(batch);
                        message
                    }
                };
                if timed && matches!(message, Message::Call(_)) {
                    left.start = self.start_sample(tempo);
                }
                let tried = match message {
                    Message::Cast(cast) => {
                        last.set::<S>(Kind::Cast, || S::describe_cast(&cast));
                        state.try_handle_cast(cast, cx).map(Message::Cast)
                    }
                    Message::Call(call) => {
                        last.set::<S>(Kind::Call, || S::describe_call(&call));
                        state.try_handle_call(call, cx).map(Message::Call)
                    }
                    Message::Info(info) => {
                        last.set::<S>(Kind::Info, || S::describe_info(&info));
                        state.try_handle_info(info, cx).map(Message::Info)
                    }
                    Message::System(system) => match *system {
                        System::Stop(reason) => {
                            last.set::<S>(Kind::Request, || Described::new("to stop"));
                            Tried::Handled(Err(reason))
                        }
                        exit @ System::Exit { .. } => {
                            last.set::<S>(Kind::Exit, || Described::new("of another process"));
                            Tried::Waits(Message::System(Box::new(exit)))
                        }
                    },
                };
                match tried {
                    Tried::Handled(Ok(())) => {}
                    Tried::Handled(Err(reason)) => {
                        left.reason = Some(reason);
                        return Halt::Ends;
                    }
                    Tried::Waits(message) => {
                        left.message = Some(message);
                        return Halt::Waits;
                    }
                }
                self.count();
                if timed && let Some(start) = left.start.take() {
                    self.sample(tempo, start);
                }
                if cx.is_stopping() {
                    left.reason = cx.take_stop();
                    return Halt::Ends;
                }
                if self.is_signalled() {
                    return Halt::Signal;
                }
                *most -= 1;
                if *most == 0 {
                    return Halt::Spent;
                }
            }
        });
        handled.unwrap_or_else(|panic| {
            left.reason = Some(panic);
            Halt::Ends
        })
    }
}
