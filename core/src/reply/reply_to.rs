//! The way back: `ReplyTo`, where a reply goes.

use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::ready;

use crate::exit_reason::ExitReason;
use crate::reply::slot::{Content, Slot};
use crate::rt;

/// Where the reply of a call goes: OTP's `from`.
///
/// A handler that takes one may keep it and answer later, from anywhere. Replying consumes it, so that a second reply
/// does not compile. A caller who is gone by then does not matter: the reply is dropped.
///
/// A reply may be dropped unseen after it was sent, too: its caller gave up before it looked. So what has to come back, such as a
/// connection that is lent, is sent as a value whose own `Drop` gives it back.
///
/// Dropping it without a reply tells the caller so at once, with [`CallError::NoReply`](crate::CallError::NoReply).
/// So does a task or a thread that has it and panics: its caller is told that there is no reply, and not the panic.
/// When the server dies first, the caller gets the exit reason; a later reply is dropped.
///
/// Until when the caller waits, it does not know: the handler that gets it does, by [`Context::deadline`](crate::Context::deadline), and
/// may keep that beside it. Whether the caller has gone say [`is_closed`](Self::is_closed) and [`closed`](Self::closed).
///
/// ```
/// use std::time::Duration;
/// use suptree::prelude::*;
///
/// #[derive(Default)]
/// struct Door(Vec<ReplyTo<()>>);
///
/// #[genserver]
/// impl Door {
///     #[call]
///     fn wait(&mut self, reply: ReplyTo<()>) {
///         self.0.push(reply);
///     }
///
///     /// Opens the door, and says how many gave up before.
///     #[call]
///     fn open(&mut self) -> usize {
///         let gave_up = self.0.iter().filter(|reply| reply.is_closed()).count();
///         self.0.drain(..).for_each(|reply| reply.send(()));
///         gave_up
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let door = Door::start().await?;
/// assert!(door.wait().timeout(Duration::ZERO).await.is_err());
/// let (waited, gave_up) = tokio::join!(door.wait(), door.open());
/// waited?;
/// assert_eq!(gave_up?, 1);
/// # Ok(()) }
/// ```
///
/// Follows [`GenServer.reply/2`](https://hexdocs.pm/elixir/GenServer.html#reply/2).
#[must_use = "a caller waits for this reply"]
pub struct ReplyTo<R> {
    slot: Option<Arc<Slot<R>>>,
    generation: u64,
}

impl<R> ReplyTo<R> {
    #[inline(always)]
    pub(super) const fn new(slot: Arc<Slot<R>>, generation: u64) -> Self {
        Self {
            slot: Some(slot),
            generation,
        }
    }

    /// Where nobody waits.
    pub(crate) const fn to_nobody() -> Self {
        Self {
            slot: None,
            generation: 0,
        }
    }

    /// Sends the reply. It never waits, and works from any task or thread. [`Context::reply`](crate::Context::reply) sends it
    /// after `terminate` where the handler stops the server.
    #[inline(always)]
    pub fn send(mut self, reply: R) {
        if let Some(slot) = self.slot.take() {
            slot.resolve(self.generation, Content::Reply(reply), false);
        }
    }

    /// Sends the reply of a supervisor, which waits for nobody's executor.
    pub(crate) fn send_apart(mut self, reply: R) {
        if let Some(slot) = self.slot.take() {
            slot.resolve(self.generation, Content::Reply(reply), true);
        }
    }

    /// Tells the caller that what was to answer it has ended, for this reason: [`CallError::Exited`](crate::CallError::Exited).
    pub(crate) fn fail(mut self, reason: ExitReason) {
        if let Some(slot) = self.slot.take() {
            slot.fail(self.generation, reason);
        }
    }

    /// Whether nobody waits for the reply: the call timed out, its future was dropped, or it was told of the server's death.
    /// [`closed`](Self::closed) waits for that.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.slot
            .as_ref()
            .is_none_or(|slot| !slot.is_open(self.generation))
    }
}

impl<R> ReplyTo<R> {
    /// Waits until nobody waits for the reply any more, as [`is_closed`](Self::is_closed) tells it: for long work that
    /// nobody needs then. Tokio's
    /// [`oneshot::Sender::closed`](https://docs.rs/tokio/latest/tokio/sync/oneshot/struct.Sender.html#method.closed).
    ///
    /// It works in the handler itself, and in any other task or thread that has the handle. Nobody pays for it but a call that is
    /// watched.
    ///
    /// ```
    /// use std::time::Duration;
    /// use suptree::prelude::*;
    ///
    /// #[derive(Default)]
    /// struct Search;
    ///
    /// #[genserver]
    /// impl Search {
    ///     #[call]
    ///     fn find(&self, what: String, mut reply: ReplyTo<usize>) {
    ///         tokio::spawn(async move {
    ///             tokio::select! {
    ///                 () = reply.closed() => println!("nobody looks for {what} any more"),
    ///                 found = search(&what) => reply.send(found),
    ///             }
    ///         });
    ///     }
    /// }
    ///
    /// async fn search(what: &str) -> usize {
    ///     tokio::time::sleep(Duration::from_secs(3600)).await;
    ///     what.len()
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let client = Search::start().await?;
    /// assert!(client.find("a needle").timeout(Duration::from_millis(20)).await.is_err());
    /// # Ok(()) }
    /// ```
    ///
    /// # Cancel safety
    ///
    /// It may be dropped and begun again at any time. The caller notices nothing of it.
    pub async fn closed(&mut self) {
        let watch = self.slot.as_ref().map(|slot| CallerWatch {
            slot,
            generation: self.generation,
        });
        poll_fn(|cx| {
            if let Some(watch) = &watch {
                ready!(watch.slot.poll_closed(watch.generation, cx));
            }
            rt::poll_budget_at_times(cx)
        })
        .await;
    }
}

/// Somebody who waits for the end of a caller's wait. Nothing of it is left when it is dropped.
struct CallerWatch<'a, R> {
    slot: &'a Slot<R>,
    generation: u64,
}

impl<R> Drop for CallerWatch<'_, R> {
    fn drop(&mut self) {
        self.slot.forget_watch(self.generation);
    }
}

impl<R> Drop for ReplyTo<R> {
    #[inline(always)]
    fn drop(&mut self) {
        if let Some(slot) = self.slot.take() {
            Slot::abandon(slot, self.generation);
        }
    }
}

impl<R> fmt::Debug for ReplyTo<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplyTo").finish_non_exhaustive()
    }
}
