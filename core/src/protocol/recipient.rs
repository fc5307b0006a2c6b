//! `Recipient`: whoever takes one message.

use std::fmt;

use crate::gen_server::{GenServer, IntoInfo, ServerRef};
use crate::protocol::cast::ProtocolCast;
use crate::protocol::handles::ClientOf;
use crate::protocol::stand_in::StandIn;
use crate::sync::Arc;

/// Whoever takes messages of type `M`: a server of any type with an `#[info]` handler for it, or a function.
///
/// Cloning is cheap. It leads where the client leads that it was made of: to one process, to a name, or to a place.
///
/// ```
/// use suptree::Recipient;
/// use suptree::prelude::*;
///
/// struct Tick(u64);
///
/// #[derive(Default)]
/// struct Clock(u64);
///
/// #[genserver]
/// impl Clock {
///     #[info]
///     fn tick(&mut self, tick: Tick) {
///         self.0 += tick.0;
///     }
///
///     #[call]
///     fn time(&self) -> u64 {
///         self.0
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let clock = Clock::start().await?;
/// let ignored = Recipient::from_fn(|_tick: Tick| ());
/// let all: Vec<Recipient<Tick>> = vec![clock.recipient(), ignored];
/// for one in &all {
///     one.send(Tick(5)).await?;
/// }
/// assert_eq!(clock.time().await?, 5);
/// # Ok(()) }
/// ```
pub struct Recipient<M>(Arc<dyn Takes<M>>);

trait Takes<M>: Send + Sync {
    fn send(&self, message: M) -> ProtocolCast;
}

impl<M: Send + 'static> Recipient<M> {
    /// One whose messages are given to this function: for a test, for example. It is asked where the message is sent, for one
    /// message at a time. One that panics is called no more, and is nobody from then on.
    #[must_use]
    pub fn from_fn(take: impl FnMut(M) + Send + 'static) -> Self {
        Self(Arc::new(Function(StandIn::new(take))))
    }

    /// Sends it a message: see [`ServerRef::send`].
    ///
    /// Its errors are those of every [`ProtocolCast`].
    pub fn send(&self, message: M) -> ProtocolCast {
        self.0.send(message)
    }
}

struct Function<F>(StandIn<F>);

impl<M: Send + 'static, F: FnMut(M) + Send + 'static> Takes<M> for Function<F> {
    fn send(&self, message: M) -> ProtocolCast {
        self.0.cast(move |take| take(message))
    }
}

impl<S: GenServer, M: IntoInfo<S>> Takes<M> for ServerRef<S> {
    fn send(&self, message: M) -> ProtocolCast {
        ProtocolCast::new(Self::send(self, message).owned())
    }
}

impl<S: GenServer> ServerRef<S> {
    /// This server as one of those that take messages of type `M`, whatever their own types are.
    ///
    /// ```
    /// # use suptree::Recipient;
    /// # use suptree::prelude::*;
    /// # struct Tick;
    /// # #[derive(Default)] struct Clock;
    /// # #[genserver]
    /// # impl Clock { #[info] fn tick(&mut self, _: Tick) {} }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let ticked: Recipient<Tick> = Clock::start().await?.recipient();
    /// ticked.send(Tick).await?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn recipient<M: IntoInfo<S> + 'static>(&self) -> Recipient<M> {
        Recipient(Arc::new(self.clone()))
    }
}

impl<M, C: ClientOf> From<C> for Recipient<M>
where
    M: IntoInfo<C::Server> + 'static,
{
    fn from(client: C) -> Self {
        Self(Arc::new(client.into_server()))
    }
}

impl<M> Clone for Recipient<M> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<M> fmt::Debug for Recipient<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recipient").finish_non_exhaustive()
    }
}
