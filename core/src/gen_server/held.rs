//! `Held`: what the future of a handler holds of a message, where that may be no traveler.

use std::future::{Pending, pending};
use std::marker::PhantomData;

/// What the future of an `async` handler holds of a message: a `T`. Which `HOW` is meant, the one of its own or the one of [`NotSend`], is
/// found by the look at `T`. Of one that cannot travel there is an error already.
#[derive(Debug)]
pub struct Held<T>(PhantomData<fn() -> T>);

impl<T: Send> Held<T> {
    /// It may travel.
    pub const HOW: AsItIs = AsItIs;
}

/// The half of [`Held`] for what cannot travel.
pub trait NotSend {
    /// It may not.
    const HOW: Silenced = Silenced;
}

impl<T> NotSend for Held<T> {}

/// What is held may travel.
#[derive(Clone, Copy, Debug)]
pub struct AsItIs;

/// It may not, and there is an error already.
#[derive(Clone, Copy, Debug)]
pub struct Silenced;

impl AsItIs {
    /// The handler's future.
    #[inline]
    pub fn pass<F: Future>(self, handler: F) -> F {
        handler
    }

    /// The handler's future, which has to be `Send`.
    #[inline]
    pub fn send<F: Future + Send>(self, handler: F) -> impl Future<Output = F::Output> + Send {
        handler
    }
}

impl Silenced {
    /// A future that makes no second error.
    pub fn pass<F: Future>(self, _handler: F) -> Pending<F::Output> {
        pending()
    }

    /// The same.
    pub fn send<F: Future>(self, handler: F) -> Pending<F::Output> {
        self.pass(handler)
    }
}
