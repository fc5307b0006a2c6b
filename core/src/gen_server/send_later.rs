//! `send_after`, `send_every`: a cast or another message is sent later, instead of now.

use std::time::Duration;

use crate::gen_server::cell::later::{Later, To};
use crate::gen_server::cell::message::Mail;
use crate::gen_server::cell::ticks::Every;
use crate::gen_server::timer::Timer;
use crate::gen_server::{Cast, Context, GenServer, Message};
use crate::guard::discard;
use crate::rt;

impl<S: GenServer> Context<S> {
    /// Sends this server a message each time the period is over.
    pub(crate) fn send_itself_every(&self, period: Duration, make: fn(()) -> Message<S>) {
        let to = To::new(&self.server().address);
        drop(Every::set(to, period, (), make));
    }
}

impl<S: GenServer, A: Send + 'static> Cast<'_, S, A> {
    /// Sends it after this time, instead of now: Erlang's [`send_after`](https://www.erlang.org/doc/apps/erts/erlang.html#send_after/3).
    ///
    /// The timer is on the clock of the runtime of the process that it is for, and dies with that process; so does the message,
    /// with its arguments. A client by name, or by the place of a supervised child, leads to whoever is there when the time has
    /// come, and to nobody where nobody is. When it is sent, the message goes into the mailbox whatever its bound: it is one message
    /// ([D75](https://docs.rs/suptree/latest/suptree/departures/)).
    ///
    /// A million timers cost no task each. Setting and cancelling one costs in step with the logarithm of their number.
    ///
    /// ```
    /// use std::time::Duration;
    /// use suptree::prelude::*;
    ///
    /// #[derive(Default)]
    /// struct Sessions(Vec<u64>);
    ///
    /// #[genserver]
    /// impl Sessions {
    ///     #[call]
    ///     fn open(&mut self, id: u64, cx: &mut Context<Self>) {
    ///         self.0.push(id);
    ///         cx.client().expire(id).send_after(Duration::from_secs(600));
    ///     }
    ///
    ///     #[info]
    ///     fn expire(&mut self, id: u64) {
    ///         self.0.retain(|open| *open != id);
    ///     }
    ///
    ///     #[call]
    ///     fn count(&self) -> usize {
    ///         self.0.len()
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sessions = Sessions::start().await?;
    /// sessions.open(7).await?;
    /// tokio::time::sleep(Duration::from_secs(599)).await;
    /// assert_eq!(sessions.count().await?, 1);
    /// tokio::time::sleep(Duration::from_secs(2)).await;
    /// assert_eq!(sessions.count().await?, 0);
    /// # Ok(()) }
    /// ```
    ///
    /// Where there is no such process, or the client is by name and there is no runtime with timers here, nothing is ever sent, as
    /// Erlang's `send_after` does for a name that nobody has: the timer says so by [`left`](Timer::left).
    pub fn send_after(self, after: Duration) -> Timer {
        let to = To::new(self.server);
        let mut post = self.sending.post;
        let Some(message) = post.take_message() else {
            return Timer::once(Later::Never);
        };
        let Some(node) = to.node() else {
            discard(message);
            return Timer::once(Later::Never);
        };
        let deadline = rt::deadline_from(node.now(), after);
        let mail = Mail::Message(message);
        Timer::once(to.send(&node, deadline, mail, &|| {}))
    }

    /// Sends it each time this period is over, instead of now, with clones of its arguments.
    ///
    /// All that [`send_after`](Self::send_after) says holds for it. It never piles up: the ticks that come while a message of it
    /// waits to be handled are that message. So none is lost, and the times of those after it stay what they were. By name or by place it goes on, whoever is there; otherwise it ends with its process.
    ///
    /// `#[every(60s)]` on a handler of `#[genserver]` does this from the start of each server on.
    ///
    /// ```
    /// use std::time::Duration;
    /// use suptree::prelude::*;
    ///
    /// #[derive(Default)]
    /// struct Clock(u32);
    ///
    /// #[genserver]
    /// impl Clock {
    ///     #[init]
    ///     fn init(cx: &mut Context<Self>) -> Self {
    ///         cx.client().tick().send_every(Duration::from_secs(1));
    ///         Self::default()
    ///     }
    ///
    ///     #[info]
    ///     fn tick(&mut self) {
    ///         self.0 += 1;
    ///     }
    ///
    ///     #[call]
    ///     fn seconds(&self) -> u32 {
    ///         self.0
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let clock = Clock::start().await?;
    /// tokio::time::sleep(Duration::from_millis(3_500)).await;
    /// assert_eq!(clock.seconds().await?, 3);
    /// # Ok(()) }
    /// ```
    ///
    /// A `clone` that panics ends the server that it is for, by an exit signal.
    ///
    /// # Panics
    ///
    /// If the period is zero.
    #[track_caller]
    pub fn send_every(self, period: Duration) -> Timer
    where
        A: Clone,
    {
        let to = To::new(self.server);
        let (mut post, way) = (self.sending.post, self.sending.way);
        let args = post.args(way.back);
        Timer::every(args.and_then(|args| Every::set(to, period, args, way.make)))
    }
}
