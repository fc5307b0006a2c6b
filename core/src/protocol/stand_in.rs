//! `StandIn`: a value that answers in the place of a server, for tests.

use std::task::{Context, Poll};
use std::time::Duration;

use crate::catch::catch;
use crate::exit_reason::ExitReason;
use crate::gen_server::{CastError, TrySendError};
use crate::guard::{Guarded, discard};
use crate::protocol::call::{AnyCall, ProtocolCall};
use crate::protocol::cast::{AnyCast, ProtocolCast};
use crate::reply::CallError;
use crate::rt;
use crate::sync::{Arc, Mutex, lock};

/// A value that is asked in turn, like a server, where it is asked: without a process. One that panics is dead.
#[derive(Debug)]
pub struct StandIn<T>(Arc<Mutex<State<T>>>);

/// One that is made of functions, and not of a value with the trait of the protocol.
#[derive(Debug)]
pub struct ByFunctions<T>(pub StandIn<T>);

#[derive(Debug)]
enum State<T> {
    Idle(Guarded<T>),
    /// Somebody asks it, outside of the lock.
    Busy,
    Dead,
}

impl<T: Send + 'static> StandIn<T> {
    /// One that asks this value.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self(Arc::new(Mutex::new(State::Idle(Guarded::new(value)))))
    }

    /// A call: what the value returns is the reply.
    pub fn call<R: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut T) -> R + Send + 'static,
    ) -> ProtocolCall<R> {
        ProtocolCall::new(self.asking(ask))
    }

    /// A cast: the value has seen it when it is sent.
    pub fn cast(&self, ask: impl FnOnce(&mut T) + Send + 'static) -> ProtocolCast {
        ProtocolCast::new(self.asking(ask))
    }

    fn asking<F>(&self, ask: F) -> Asking<T, F> {
        Asking {
            of: Arc::clone(&self.0),
            ask: Guarded::new(Some(ask)),
        }
    }
}

/// A question to a stand-in.
struct Asking<T, F> {
    of: Arc<Mutex<State<T>>>,
    ask: Guarded<Option<F>>,
}

/// What came of it.
enum Answer<R> {
    Given(R),
    Panicked(ExitReason),
    Dead,
    /// Somebody else asks it at this moment.
    Busy,
}

impl<T, F> Asking<T, F> {
    fn ask<R>(&mut self) -> Answer<R>
    where
        F: FnOnce(&mut T) -> R,
    {
        let mut value = {
            let mut state = lock(&self.of);
            match std::mem::replace(&mut *state, State::Busy) {
                State::Idle(value) => value,
                State::Busy => return Answer::Busy,
                State::Dead => {
                    *state = State::Dead;
                    return Answer::Dead;
                }
            }
        };
        let Some(ask) = self.ask.get_mut().take() else {
            *lock(&self.of) = State::Idle(value);
            return Answer::Dead;
        };
        match catch(|| ask(value.get_mut())) {
            Ok(reply) => {
                *lock(&self.of) = State::Idle(value);
                Answer::Given(reply)
            }
            Err(reason) => {
                *lock(&self.of) = State::Dead;
                discard(value);
                Answer::Panicked(reason)
            }
        }
    }
}

impl<T: Send, R, F: FnOnce(&mut T) -> R + Send> AnyCall<R> for Asking<T, F> {
    fn limit(&mut self, _timeout: Option<Duration>) {}

    fn allow_cycle(&mut self) {}

    fn poll_reply(&mut self, cx: &mut Context<'_>) -> Poll<Result<R, CallError>> {
        Poll::Ready(match self.ask() {
            Answer::Given(reply) => Ok(reply),
            Answer::Panicked(reason) => Err(CallError::Exited(reason)),
            Answer::Dead => Err(CallError::NoProc),
            Answer::Busy => {
                rt::wake_after_others(cx);
                return Poll::Pending;
            }
        })
    }
}

impl<T: Send, F: FnOnce(&mut T) + Send> AnyCast for Asking<T, F> {
    fn limit(&mut self, _timeout: Option<Duration>) {}

    fn try_send(&mut self) -> Result<(), TrySendError> {
        match self.ask() {
            // As with a server, the sender does not hear of a panic.
            Answer::Given(()) | Answer::Panicked(_) => Ok(()),
            Answer::Dead => Err(TrySendError::NoProc),
            Answer::Busy => Err(TrySendError::Full),
        }
    }

    fn poll_sent(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), CastError>> {
        Poll::Ready(match self.ask() {
            Answer::Given(()) | Answer::Panicked(_) => Ok(()),
            Answer::Dead => Err(CastError::NoProc),
            Answer::Busy => {
                rt::wake_after_others(cx);
                return Poll::Pending;
            }
        })
    }
}
