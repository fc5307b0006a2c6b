//! `allow_cycle`: a call that is no part of a cycle.

use crate::gen_server::GenServer;
use crate::gen_server::client::call::{Call, OwnedCall};

macro_rules! calls {
    ($($call:ident<$($lifetime:lifetime)?>)*) => {$(
        impl<$($lifetime,)? Reply, S: GenServer, R> $call<$($lifetime,)? Reply, S, R> {
            /// This call is no part of a cycle: it waits for its reply, or for its timeout, as OTP's calls do.
            ///
            /// Without it, a call that cannot be answered is told so, by [`CallError::Deadlock`](crate::CallError::Deadlock), within
            /// a fraction of a millisecond: servers that wait for one another, each in a handler (or in its `init`, or `terminate`) and in
            /// a call to the next. Of them one call is told, the one that closed the cycle; like one that timed out it may be handled yet. Its handler goes on; and when it has
            /// answered, so do the others.
            ///
            /// A server counts as waiting when it waits in calls, and in nothing else that is known of. So it does not
            ///
            /// - while one of several calls that it waits for at once, by `join!`, `select!` or the like, may still be answered;
            /// - while it waits for a supervisor, a start, or the end of a process as well;
            /// - in a call that this was said of, that was [sent again](Self::await_restart), or that the handler holds and waits for no longer. Of one that it has not
            ///   polled since it last waited, as in a `FuturesUnordered`, that is found out by waking it; not while it waits for room in a mailbox, nor of
            ///   one of more than 128 at once;
            /// - in a call whose handler has been given the [`ReplyTo`](crate::ReplyTo): that may be used elsewhere. So it is with the
            ///   handlers of servers that are written by hand. While such a call is queued, it counts.
            ///
            /// A call that a task makes which the handler has spawned is the task's, not the server's: a cycle through it ends with the
            /// timeout. So does any that is not seen.
            ///
            /// What is not known of is what else the handler may wait for, in the same `select!`: a channel, a timer, as by
            /// `tokio::time::timeout`. Where that ends the wait on purpose, the call says so by this.
            ///
            /// ```
            /// use std::time::Duration;
            /// use suptree::prelude::*;
            ///
            /// #[derive(Default)]
            /// struct Ping;
            ///
            /// #[genserver(name = "ping")]
            /// impl Ping {
            ///     #[call]
            ///     async fn ping(&self) -> Result<(), CallError> {
            ///         Pong::named().pong().await?
            ///     }
            ///
            ///     #[call]
            ///     fn ready(&self) {}
            /// }
            ///
            /// #[derive(Default)]
            /// struct Pong;
            ///
            /// #[genserver(name = "pong")]
            /// impl Pong {
            ///     #[call]
            ///     async fn pong(&self) -> Result<(), CallError> {
            ///         Ping::named().ready().timeout(Duration::from_millis(20)).allow_cycle().await
            ///     }
            /// }
            ///
            /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
            /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
            /// let (ping, _pong) = (Ping::start().await?, Pong::start().await?);
            /// let error = ping.ping().await?.unwrap_err();
            /// assert_eq!(error, CallError::Timeout(Duration::from_millis(20)));
            /// # Ok(()) }
            /// ```
            pub fn allow_cycle(mut self) -> Self {
                self.outgoing.allow_cycle();
                self
            }
        }
    )*};
}

calls! {
    Call<'a>
    OwnedCall<>
}
