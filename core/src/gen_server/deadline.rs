//! Deadlines: until when the caller of the call in hand waits, in a server with the option `deadlines`.

use std::time::Duration;

use crate::gen_server::{Context, GenServer};
use crate::process::Header;
use crate::process::wait_list::Awaited;
use crate::reply::slot::InUse;
use crate::rt::{self, Instant};
use crate::sync::Arc;

/// Until when the caller of a call in the queue waits.
pub(super) struct Deadline {
    slot: Arc<dyn Awaited>,
    call: u64,
    /// `None`: as long as the server lives.
    at: Option<Instant>,
}

impl Deadline {
    pub(super) fn of(slot: &dyn InUse, timeout: Option<Duration>) -> Self {
        let (slot, call) = slot.awaited();
        Self {
            slot,
            call,
            at: timeout.map(rt::deadline),
        }
    }

    pub(super) const fn at(&self) -> Option<Instant> {
        self.at
    }

    /// Whether the caller has given up.
    pub(super) fn is_over(&self) -> bool {
        !self.slot.waits(self.call)
    }
}

/// A call is about to be handled in place.
#[cold]
pub(super) fn note(server: &Header, timeout: Option<Duration>) {
    server.set_deadline(timeout.map(rt::deadline));
}

impl<S: GenServer> Context<S> {
    /// Until when the caller of the call that is handled waits for its reply, by the caller's clock. `None`: as long as the
    /// server lives, or it is no call that is handled, or the server has not the option
    /// [`deadlines`](crate::ServerOptions::deadlines), which this is for. One that keeps its [`ReplyTo`](crate::ReplyTo) keeps this beside it.
    ///
    /// ```
    /// use std::time::Duration;
    /// use suptree::prelude::*;
    /// use tokio::time::Instant;
    ///
    /// #[derive(Default)]
    /// struct Index;
    ///
    /// #[genserver]
    /// impl Index {
    ///     #[call]
    ///     fn find(&self, what: String) -> usize {
    ///         what.len()
    ///     }
    /// }
    ///
    /// struct Search(IndexClient);
    ///
    /// #[genserver(deadlines)]
    /// impl Search {
    ///     #[init]
    ///     fn init(index: IndexClient) -> Self {
    ///         Self(index)
    ///     }
    ///
    ///     #[call(timeout = 2s)]
    ///     async fn search(&mut self, what: String, cx: &mut Context<Self>) -> Result<usize, CallError> {
    ///         // As long as somebody waits for the answer, and no longer.
    ///         let left = cx.deadline().map(|deadline| deadline - Instant::now());
    ///         self.0.find(what).timeout(left.unwrap_or(Duration::MAX)).await
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let search = Search::start(Index::start().await?).await?;
    /// assert_eq!(search.search("needle").await?, Ok(6));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.header().deadline()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::gen_server::{Context, GenServer, NoMessage, ServerOptions, ServerRef};
    use crate::planted::{Bug, plant};
    use crate::{ExitReason, ReplyTo};

    #[derive(Default)]
    struct Slow(u8);

    impl GenServer for Slow {
        type Args = ();
        type Call = ReplyTo<u8>;
        type Cast = NoMessage;
        type Info = NoMessage;
        type Client = ServerRef<Self>;

        const OPTIONS: ServerOptions = ServerOptions::new().deadlines(true);

        async fn init((): (), _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
            Ok(Self::default())
        }

        async fn handle_call(
            &mut self,
            reply: ReplyTo<u8>,
            cx: &mut Context<Self>,
        ) -> Result<(), ExitReason> {
            assert!(cx.deadline().is_some());
            self.0 += 1;
            tokio::time::sleep(Duration::from_millis(100)).await;
            reply.send(self.0);
            Ok(())
        }
    }

    /// How many of three calls were handled, of which the second has given up before its turn.
    async fn handled(bug: Option<Bug>) -> u8 {
        plant(bug);
        let slow = crate::start::<Slow>(()).await.expect("starts");
        let call = || slow.call_with(std::convert::identity);
        let (first, late) = tokio::join!(call(), call().timeout(Duration::from_millis(10)));
        assert!(first.is_ok() && late.is_err());
        let last = call().await;
        plant(None);
        last.expect("it answers")
    }

    #[tokio::test(start_paused = true)]
    async fn r337_a_late_call_that_is_handled_is_noticed() {
        assert_eq!(handled(None).await, 2);
        assert_eq!(handled(Some(Bug::LateCallHandled)).await, 3);
    }
}
