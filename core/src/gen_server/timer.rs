//! `Timer`: what was sent later, to be cancelled or asked for what is left.

use std::fmt;
use std::time::Duration;

use crate::gen_server::cell::later::Later;
use crate::gen_server::cell::ticks::Every;
use crate::sync::Arc;

/// A message that is sent later, once or again and again: what [`Cast::send_after`](crate::Cast::send_after) and
/// [`Cast::send_every`](crate::Cast::send_every) give. Erlang's timer reference.
///
/// Dropping it does nothing: the timer stays set, as in OTP. It dies with the process that it is for, and never reaches the next
/// one in its place. Cloning it is cheap, and gives the same timer.
///
/// ```
/// use std::time::Duration;
/// use suptree::prelude::*;
///
/// #[derive(Default)]
/// struct Bell(u32);
///
/// #[genserver]
/// impl Bell {
///     #[info]
///     fn ring(&mut self, times: u32) {
///         self.0 += times;
///     }
///
///     #[call]
///     fn rung(&self) -> u32 {
///         self.0
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let bell = Bell::start().await?;
/// bell.ring(1).send_after(Duration::from_secs(10)); // once
/// let timer = bell.ring(2).send_every(Duration::from_secs(60));
/// assert_eq!(timer.left(), Some(Duration::from_secs(60)));
///
/// tokio::time::sleep(Duration::from_secs(130)).await;
/// assert_eq!(bell.rung().await?, 5);
/// assert_eq!(timer.cancel(), Some(Duration::from_secs(50)));
/// assert_eq!(timer.cancel(), None);
/// # Ok(()) }
/// ```
///
/// Follows Erlang's [`send_after`](https://www.erlang.org/doc/apps/erts/erlang.html#send_after/3),
/// [`cancel_timer`](https://www.erlang.org/doc/apps/erts/erlang.html#cancel_timer/1) and
/// [`read_timer`](https://www.erlang.org/doc/apps/erts/erlang.html#read_timer/1).
#[derive(Clone)]
pub struct Timer(Set);

#[derive(Clone)]
enum Set {
    Once(Later),
    Every(Arc<Every>),
}

impl Timer {
    pub(super) const fn once(message: Later) -> Self {
        Self(Set::Once(message))
    }

    pub(super) fn every(every: Option<Arc<Every>>) -> Self {
        Self(every.map_or(Set::Once(Later::Never), Set::Every))
    }

    /// Cancels the timer. `Some`: what was left of the time, and nothing is sent any more. `None`: the message was sent, and is still
    /// handled; or it was cancelled before, or the process is dead. Of a timer that sends again and again, a message that waits in
    /// the mailbox is still handled, and what was left is until the next.
    ///
    /// A handler that must not act on the message of a timer that was replaced asks the one that is kept: [`left`](Self::left) is
    /// `None` once its own message was sent.
    pub fn cancel(&self) -> Option<Duration> {
        match &self.0 {
            Set::Once(message) => message.take_back(),
            Set::Every(every) => every.end(),
        }
    }

    /// What is left until the message is sent, or the next one. `None`: it was sent, or cancelled, or the process is dead.
    #[must_use]
    pub fn left(&self) -> Option<Duration> {
        match &self.0 {
            Set::Once(message) => message.left(),
            Set::Every(every) => every.left(),
        }
    }
}

impl fmt::Debug for Timer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timer").field("left", &self.left()).finish()
    }
}
