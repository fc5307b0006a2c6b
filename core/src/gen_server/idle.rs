//! `timeout`, `hibernate`: what a server does when nothing comes.

use std::time::Duration;

use crate::gen_server::cell::hibernate;
use crate::gen_server::{Context, GenServer};

impl<S: GenServer> Context<S> {
    /// Waits so long for a message once this handler is done: when none has come by then, `#[timeout]` runs, once; by hand
    /// [`handle_timeout`](GenServer::handle_timeout). OTP's `{noreply, State, Timeout}`.
    ///
    /// Any message cancels it, be it a call, a cast, an exit or the end of another process, and it is not set again by itself: the handler of
    /// that message may say so. What is queued by then has come, so that with a time of zero the server hears of it at once where
    /// its mailbox is empty, and else not at all. The last one that a handler says counts. The time is that of the server's runtime.
    ///
    /// The option `idle = 30s` is the same after each message, by hand [`ServerOptions::idle`](crate::ServerOptions::idle); this takes its
    /// place until the next one.
    ///
    /// ```
    /// use std::time::Duration;
    /// use suptree::prelude::*;
    ///
    /// #[derive(Default)]
    /// struct Batch {
    ///     open: Vec<u32>,
    ///     written: usize,
    /// }
    ///
    /// #[genserver]
    /// impl Batch {
    ///     #[cast]
    ///     fn add(&mut self, item: u32, cx: &mut Context<Self>) {
    ///         self.open.push(item);
    ///         cx.timeout(Duration::from_millis(50)); // no more for a while: write what there is
    ///     }
    ///
    ///     #[timeout]
    ///     fn write(&mut self) {
    ///         self.written += self.open.drain(..).len();
    ///     }
    ///
    ///     #[call]
    ///     fn written(&self) -> usize {
    ///         self.written
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let batch = Batch::start().await?;
    /// for item in 0..3 {
    ///     batch.add(item).await?;
    /// }
    /// tokio::time::sleep(Duration::from_millis(51)).await;
    /// assert_eq!(batch.written().await?, 3);
    /// # Ok(()) }
    /// ```
    ///
    /// [OTP's page](https://www.erlang.org/doc/apps/stdlib/gen_server.html#c:handle_call/3).
    pub fn timeout(&mut self, time: Duration) {
        self.asked.get_or_insert_default().wait(time);
    }

    /// Gives back, once this handler is done, the memory that the server does not need while nothing comes: that of its mailbox and of the futures of its
    /// handlers, and what `#[hibernate]` gives back of the state; by hand [`hibernate`](GenServer::hibernate). OTP's `{noreply, State, hibernate}`.
    ///
    /// Where something is queued by then that a handler hears of, nothing is given back; a stream that the server is
    /// [attached](Self::attach) to is asked for an item before. It cannot be seen from outside: the next message is handled as always, and
    /// a timeout that is set goes on.
    ///
    /// A server that has the memory of a burst gives most of it back by itself; this is for many that sleep for long.
    ///
    /// ```
    /// use suptree::prelude::*;
    ///
    /// #[derive(Default)]
    /// struct Session {
    ///     seen: Vec<String>,
    /// }
    ///
    /// #[genserver(idle = 1m)]
    /// impl Session {
    ///     #[cast]
    ///     fn visit(&mut self, page: String) {
    ///         self.seen.push(page);
    ///     }
    ///
    ///     #[timeout]
    ///     fn nothing_comes(&mut self, cx: &mut Context<Self>) {
    ///         cx.hibernate();
    ///     }
    ///
    ///     #[hibernate]
    ///     fn shrink(&mut self) {
    ///         self.seen.shrink_to_fit();
    ///     }
    ///
    ///     #[call]
    ///     fn spare(&self) -> usize {
    ///         self.seen.capacity() - self.seen.len()
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let session = Session::start().await?;
    /// session.visit("/".to_owned()).await?;
    /// tokio::time::sleep(std::time::Duration::from_secs(61)).await;
    /// assert_eq!(session.spare().await?, 0);
    /// # Ok(()) }
    /// ```
    ///
    /// [OTP's page](https://www.erlang.org/doc/apps/erts/erlang.html#hibernate/3).
    pub fn hibernate(&mut self) {
        let asked = self.asked.get_or_insert_default();
        asked.hibernate(hibernate::hibernate::<S>);
    }
}
