//! Large messages: what most stacks have no room for in frame after frame is handed on as a pointer.
//!
//! Which way a type goes is a constant of its size, and the other one is not compiled. [`Carry`] is that way, for code that
//! holds messages and the futures of their handlers.

use std::future::Future;
use std::pin::Pin;

/// What has more bytes than this is large.
const MOST: usize = 4096;

/// Whether values of this type are large.
#[inline(always)]
pub(in crate::gen_server) const fn is_large<T>() -> bool {
    size_of::<T>() > MOST
}

/// The future of a handler that has more bytes than this is large: it lies in memory of its own already, and what is made there
/// takes several times its size of the stack on the way.
const MOST_OF_A_FUTURE: usize = 32 * 1024;

/// Whether the futures that this function makes are large.
#[inline(always)]
pub(in crate::gen_server) const fn makes_large<A, B, F>(_make: &impl Fn(A, B) -> F) -> bool {
    size_of::<F>() > MOST_OF_A_FUTURE
}

/// How a message, and the future of its handler, are handed on.
#[doc(hidden)]
pub trait Carry: Send + 'static {
    /// Whether messages are pointers.
    const POINTS: bool;
    /// A message on its way.
    type Message<M: Send>: Send;
    /// The future of a handler.
    type Future<F: Future + Send>: Future<Output = F::Output> + Send;

    /// Takes a message in.
    fn hold<M: Send>(message: M) -> Self::Message<M>;
    /// Takes a message in, if there is one.
    fn pack<M: Send>(message: impl FnOnce() -> Option<M>) -> Option<Self::Message<M>>;
    /// A look at the message.
    fn look<M: Send>(message: &Self::Message<M>) -> &M;
    /// Takes the message out.
    fn unpack<M: Send>(message: Self::Message<M>) -> M;
    /// The message as a value, unless it is large.
    ///
    /// # Errors
    ///
    /// What is large stays where it is.
    fn by_value<M: Send>(message: Self::Message<M>) -> Result<M, Self::Message<M>>;
    /// Takes the future of a handler in.
    fn begin_with<F: Future + Send>(make: impl FnOnce() -> F) -> Self::Future<F>;
    /// Takes the future of a handler in.
    fn begin<F: Future + Send>(handler: F) -> Self::Future<F>;
}

/// What is not large, as it is.
#[derive(Debug)]
pub(in crate::gen_server) enum ByValue {}

/// What is large, as a pointer.
#[derive(Debug)]
pub(in crate::gen_server) enum ByPointer {}

impl Carry for ByValue {
    const POINTS: bool = false;
    type Message<M: Send> = M;
    type Future<F: Future + Send> = F;

    #[inline(always)]
    fn hold<M: Send>(message: M) -> M {
        message
    }

    #[inline(always)]
    fn pack<M: Send>(message: impl FnOnce() -> Option<M>) -> Option<M> {
        message()
    }

    #[inline(always)]
    fn look<M: Send>(message: &M) -> &M {
        message
    }

    #[inline(always)]
    fn unpack<M: Send>(message: M) -> M {
        message
    }

    #[inline(always)]
    fn by_value<M: Send>(message: M) -> Result<M, M> {
        Ok(message)
    }

    #[inline(always)]
    fn begin_with<F: Future + Send>(make: impl FnOnce() -> F) -> F {
        make()
    }

    #[inline(always)]
    fn begin<F: Future + Send>(handler: F) -> F {
        handler
    }
}

impl Carry for ByPointer {
    const POINTS: bool = true;
    type Message<M: Send> = Box<M>;
    type Future<F: Future + Send> = Pin<Box<F>>;

    fn hold<M: Send>(message: M) -> Box<M> {
        Box::new(message)
    }

    // Out of line: what it has on the stack is gone when the handler runs.
    #[inline(never)]
    fn pack<M: Send>(message: impl FnOnce() -> Option<M>) -> Option<Box<M>> {
        message().map(Box::new)
    }

    fn look<M: Send>(message: &Box<M>) -> &M {
        message
    }

    fn unpack<M: Send>(message: Box<M>) -> M {
        *message
    }

    #[inline(always)]
    fn by_value<M: Send>(message: Box<M>) -> Result<M, Box<M>> {
        Err(message)
    }

    #[inline(never)]
    fn begin_with<F: Future + Send>(make: impl FnOnce() -> F) -> Pin<Box<F>> {
        Box::pin(make())
    }

    fn begin<F: Future + Send>(handler: F) -> Pin<Box<F>> {
        Box::pin(handler)
    }
}
