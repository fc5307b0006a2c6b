//! Large messages: what is larger than most stacks like to have in several frames is passed on as a pointer.
//!
//! Which of the two ways a type goes is a constant of its size: the other one is not compiled. A [`Carry`] says it to code
//! that holds messages and the futures of their handlers.

use std::future::Future;
use std::pin::Pin;

/// A value of more bytes goes by a pointer.
const MOST: usize = 1024;

/// Whether values of this type go by a pointer.
#[inline(always)]
pub(in crate::gen_server) const fn is_large<T>() -> bool {
    size_of::<T>() > MOST
}

/// How a message, and the future of its handler, are held while they are passed on.
#[doc(hidden)]
pub trait Carry: Send + 'static {
    /// A message on its way.
    type Message<M: Send>: Send;
    /// The future of its handler.
    type Future<F: Future + Send>: Future<Output = F::Output> + Send;

    /// Takes the message out.
    fn unpack<M: Send>(message: Self::Message<M>) -> M;
    /// Takes the future of a handler in.
    fn begin<F: Future + Send>(handler: F) -> Self::Future<F>;
}

/// As it is.
#[derive(Debug)]
pub(in crate::gen_server) enum ByValue {}

/// As a pointer.
#[derive(Debug)]
pub(in crate::gen_server) enum ByPointer {}

impl Carry for ByValue {
    type Message<M: Send> = M;
    type Future<F: Future + Send> = F;

    #[inline(always)]
    fn unpack<M: Send>(message: M) -> M {
        message
    }

    #[inline(always)]
    fn begin<F: Future + Send>(handler: F) -> F {
        handler
    }
}

impl Carry for ByPointer {
    type Message<M: Send> = Box<M>;
    type Future<F: Future + Send> = Pin<Box<F>>;

    fn unpack<M: Send>(message: Box<M>) -> M {
        *message
    }

    fn begin<F: Future + Send>(handler: F) -> Pin<Box<F>> {
        Box::pin(handler)
    }
}
