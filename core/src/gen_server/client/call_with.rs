//! `CallWith`: a call made by a closure, for servers written without the macro.

use std::fmt;
use std::marker::PhantomData;

use crate::gen_server::{GenServer, Request, RequestMessage};
use crate::reply::ReplyTo;

/// A request made by a closure: what [`ServerRef::call_with`](crate::ServerRef::call_with) calls with. It comes up in the type
/// of that call only.
pub struct CallWith<F, R> {
    message: F,
    reply: PhantomData<fn() -> R>,
}

impl<F, R> CallWith<F, R> {
    pub(in crate::gen_server) const fn new(message: F) -> Self {
        Self {
            message,
            reply: PhantomData,
        }
    }
}

impl<F, R> fmt::Debug for CallWith<F, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallWith").finish_non_exhaustive()
    }
}

impl<S, F, R> Request<S> for CallWith<F, R>
where
    S: GenServer,
    R: Send + 'static,
    F: FnOnce(ReplyTo<R>) -> S::Call + Send + 'static,
{
}

impl<S, F, R> RequestMessage<S> for CallWith<F, R>
where
    S: GenServer,
    R: Send + 'static,
    F: FnOnce(ReplyTo<R>) -> S::Call + Send + 'static,
{
    type Reply = R;
    /// The message itself.
    type Args = S::Call;

    fn into_call(self, reply: ReplyTo<R>) -> S::Call {
        (self.message)(reply)
    }

    fn take_back(call: S::Call) -> Option<S::Call> {
        Some(call)
    }
}
