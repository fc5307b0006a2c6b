//! `Held` and `Borrowed`: what the future of a handler holds of a message, and of the state. Of what may not be held there is one error,
//! and none about the future.

use std::future::{Pending, pending};
use std::marker::PhantomData;
use std::ops::Deref;

use crate::exit_reason::ExitReason;
use crate::gen_server::{Context, GenServer, Request};
use crate::reply::ReplyTo;

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

/// What the state of a server has to be for an `async` handler with `&self`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not `Sync`, so an `async` handler cannot borrow it by `&self`",
    label = "write `&mut self`",
    note = "the future of an `async` handler moves from thread to thread, and with `&self` shares the state; nobody else has the state meanwhile, so `&mut self` is all it takes",
    note = "page: docs/errors/T002.md"
)]
pub trait SharedState: Sync {}

#[diagnostic::do_not_recommend]
impl<T: Sync> SharedState for T {}

/// An `async` handler borrows the state `S` by `&self`. Which `how` is meant, the one of its own or the one of [`Unshared`],
/// is found by method resolution: so one mistake makes one error.
#[derive(Debug)]
pub struct Borrowed<S>(PhantomData<fn() -> S>);

impl<S> Borrowed<S> {
    /// A borrow of a state.
    #[must_use]
    #[inline]
    #[expect(clippy::new_without_default, reason = "for generated code alone")]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<S: Sync> Borrowed<S> {
    /// It may be shared.
    #[must_use]
    #[inline]
    pub const fn how(self) -> AsItIs {
        AsItIs
    }
}

/// The half of [`Borrowed`] for a state that is not `Sync`.
pub trait Unshared<S>: Sized {
    /// The bound is not met, which is the error.
    fn how(self) -> Silenced
    where
        S: SharedState;
}

impl<S> Unshared<S> for Borrowed<S> {
    fn how(self) -> Silenced
    where
        S: SharedState,
    {
        Silenced
    }
}

/// What the future of a handler has to be that has one local and one `.await`. Where there are more of them, rustc says better which it is
/// about.
#[diagnostic::on_unimplemented(
    message = "what is kept over this `.await` is not `Send`",
    label = "from here up to the `.await`: this local, or what is awaited",
    note = "the future of an `async` handler moves from thread to thread, with what it keeps: take a type that is `Send`, as `Arc` for `Rc` (of a borrow, one that is `Sync`), or let it end before the `.await`, in braces of its own",
    note = "page: docs/errors/T029.md"
)]
pub trait SendFuture: Sized {
    /// It is `Send`, which is all.
    #[doc(hidden)]
    #[must_use]
    #[inline(always)]
    fn require(future: HandlerFuture<Self>) -> HandlerFuture<Self> {
        future
    }
}

#[diagnostic::do_not_recommend]
impl<F: Send> SendFuture for F {}

/// The future of a handler, of which is asked that it is `Send`. Which `pass` is meant, the one of its own or the one of [`MayNotTravel`] that
/// is behind it, is found by method resolution: so there is one error, where it is asked.
#[derive(Debug)]
pub struct HandlerFuture<F>(F);

/// The half of [`HandlerFuture`] for one that is not `Send`.
#[derive(Debug)]
pub struct MayNotTravel<F>(PhantomData<fn() -> F>);

impl<F> HandlerFuture<F> {
    /// Of this handler. No constructor: of one of those, rustc shows the argument.
    #[inline(always)]
    pub const fn of(handler: F) -> Self {
        Self(handler)
    }
}

// That it is `Send` is part of what is returned: so rustc does not look into it once more, with all that it borrows.
impl<F: Future + Send> HandlerFuture<F> {
    /// The future itself.
    #[inline(always)]
    pub fn pass(self) -> impl Future<Output = F::Output> + Send {
        self.0
    }

    /// The same.
    #[inline(always)]
    pub fn send(self) -> impl Future<Output = F::Output> + Send {
        self.0
    }
}

impl<F> Deref for HandlerFuture<F> {
    type Target = MayNotTravel<F>;

    fn deref(&self) -> &Self::Target {
        &MayNotTravel(PhantomData)
    }
}

impl<F: Future> MayNotTravel<F> {
    /// A future that makes no second error.
    pub fn pass(&self) -> Pending<F::Output> {
        pending()
    }

    /// The same, and the bound is not met, which is the error.
    pub fn send(&self) -> Pending<F::Output>
    where
        F: Send,
    {
        pending()
    }
}

/// What is held may be held.
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

    /// The future of the call's handler.
    #[inline(always)]
    pub fn begin<S: GenServer, R: Request<S>>(
        self,
        request: R,
        server: &mut S,
        cx: &mut Context<S>,
    ) -> impl Future<Output = R::Reply> + Send {
        request.handle_async(server, cx)
    }

    /// The reply handle, as it is held while the handler waits.
    #[inline]
    pub fn hold<R>(self, reply: ReplyTo<R>) -> ReplyTo<R> {
        reply
    }

    /// Replies by it.
    ///
    /// # Errors
    ///
    /// None.
    #[inline]
    pub fn reply<S: GenServer, R: Send + 'static>(
        self,
        cx: &mut Context<S>,
        to: ReplyTo<R>,
        reply: R,
    ) -> Result<(), ExitReason> {
        cx.reply(to, reply);
        Ok(())
    }
}

impl Silenced {
    /// A future that makes no second error.
    pub fn pass<F: Future>(self, _handler: F) -> Pending<F::Output> {
        pending()
    }

    /// The future of the call's handler, which is silenced likewise.
    pub fn begin<S: GenServer, R: Request<S>>(
        self,
        request: R,
        server: &mut S,
        cx: &mut Context<S>,
    ) -> impl Future<Output = R::Reply> + Send {
        AsItIs.begin(request, server, cx)
    }

    /// Nothing is held.
    #[must_use]
    pub fn hold<R>(self, _reply: ReplyTo<R>) -> Self {
        self
    }

    /// Nobody replies.
    ///
    /// # Errors
    ///
    /// None.
    pub fn reply<S: GenServer, R>(
        self,
        _cx: &mut Context<S>,
        _to: Self,
        _reply: R,
    ) -> Result<(), ExitReason> {
        Ok(())
    }
}
