//! `Context`: what a handler can say to its server besides its result.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::exit_reason::ExitReason;
use crate::gen_server::GenServer;
use crate::gen_server::asked::Asked;
use crate::guard::discard;
use crate::process::pid::Pid;
use crate::process::{Header, Process};
use crate::reply::ReplyTo;

/// What a handler can say to its server besides its result, and learn about it.
///
/// Any handler may take a `cx: &mut Context<Self>`. It belongs to the server, whichever task runs the handler.
///
/// ```
/// use suptree::prelude::*;
///
/// #[derive(Default)]
/// struct Child;
///
/// #[genserver]
/// impl Child {
///     #[call]
///     fn family(&self, cx: &mut Context<Self>) -> (Option<Pid>, Pid) {
///         (cx.parent(), cx.pid())
///     }
/// }
///
/// supervisor! { Family(name = "family") { strategy: one_for_one, children: [Child] } }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let family = Family::start_link().await?;
/// let (parent, child) = family.child().family().await?;
/// assert_eq!(parent, suptree::whereis("family"));
/// assert_eq!(Some(child), family.child().pid());
/// # Ok(()) }
/// ```
pub struct Context<S: GenServer> {
    process: Arc<dyn Process>,
    server: PhantomData<fn() -> S>,
    /// Boxed, because few handlers ask for anything. All of them look whether it is there, and that is all they look at.
    pub(super) asked: Option<Box<Asked>>,
}

impl<S: GenServer> Context<S> {
    pub(super) fn new(process: Arc<dyn Process>) -> Self {
        Self {
            process,
            server: PhantomData,
            asked: S::OPTIONS.idle.map(Asked::always),
        }
    }

    /// Whether something is kept that may be a user's.
    pub(super) fn holds_something(&self) -> bool {
        self.asked
            .as_ref()
            .is_some_and(|asked| asked.holds_something())
    }

    /// Whether a handler may have asked for something that is not taken up yet.
    #[inline(always)]
    pub(super) const fn has_asked(&self) -> bool {
        self.asked.is_some()
    }

    /// The pid of this server: Elixir's `self()`.
    #[must_use]
    pub fn pid(&self) -> Pid {
        self.header().pid
    }

    /// The process that started this server with `start_link`, or its supervisor. `None` when no process did.
    #[must_use]
    pub fn parent(&self) -> Option<Pid> {
        self.header().parent
    }

    /// Stops the server once this handler is done: `terminate` runs, then it ends with `reason`. OTP's `{stop, Reason, ..}`.
    ///
    /// A reply that the handler gives is sent after `terminate`, as in OTP. The last reason given counts.
    ///
    /// ```
    /// use suptree::prelude::*;
    ///
    /// #[derive(Default)]
    /// struct Job;
    ///
    /// #[genserver]
    /// impl Job {
    ///     #[call]
    ///     fn finish(&mut self, cx: &mut Context<Self>) -> &'static str {
    ///         cx.stop(ExitReason::Normal);
    ///         "done"
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let job = Job::start().await?;
    /// assert_eq!(job.finish().await?, "done");
    /// assert!(!job.is_alive());
    /// # Ok(()) }
    /// ```
    pub fn stop(&mut self, reason: ExitReason) {
        self.asked.get_or_insert_default().stop(reason);
    }

    /// Whether exits of other processes arrive as messages from now on: Erlang's
    /// [`process_flag(trap_exit, ..)`](https://www.erlang.org/doc/apps/erts/erlang.html#process_flag_trap_exit). The option
    /// `trap_exit` of `#[genserver]` is the same from the start.
    ///
    /// ```
    /// use suptree::prelude::*;
    ///
    /// #[derive(Default)]
    /// struct Careful;
    ///
    /// #[genserver]
    /// impl Careful {
    ///     #[call]
    ///     fn take_care(&self, cx: &mut Context<Self>) {
    ///         cx.trap_exit(true);
    ///     }
    ///
    ///     #[exit]
    ///     fn asked_to_go(&mut self, _from: Pid, _reason: ExitReason, cx: &mut Context<Self>) {
    ///         cx.stop(ExitReason::ShutdownWith("in order".into()));
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let careful = Careful::start().await?;
    /// careful.take_care().await?;
    /// let death = careful.monitor();
    /// suptree::exit(death.pid(), "go away".into());
    /// assert_eq!(death.await.reason, ExitReason::ShutdownWith("in order".into()));
    /// # Ok(()) }
    /// ```
    pub fn trap_exit(&mut self, trap: bool) {
        self.header().set_trap_exit(trap);
    }

    /// Sends a reply by its [`ReplyTo`]; after `terminate`, if the handler asked to stop.
    ///
    /// A server that its supervisor has let go, because a poll of it did not return in time, replies no more: its caller
    /// was told of the death.
    ///
    /// ```
    /// use suptree::prelude::*;
    ///
    /// #[derive(Default)]
    /// struct Account(u64);
    ///
    /// #[genserver]
    /// impl Account {
    ///     #[call]
    ///     fn close(&mut self, reply: ReplyTo<u64>, cx: &mut Context<Self>) {
    ///         cx.stop(ExitReason::Normal);
    ///         cx.reply(reply, self.0); // the caller hears of it when all is done
    ///     }
    ///
    ///     #[terminate]
    ///     fn bring_in(&mut self) {
    ///         self.0 = 0;
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let account = Account::start().await?;
    /// assert_eq!(account.close().await?, 0);
    /// assert!(!account.is_alive());
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn reply<R: Send + 'static>(&mut self, to: ReplyTo<R>, reply: R) {
        if self.asked.is_none() && !self.is_dead() {
            to.send(reply);
        } else {
            self.reply_later(Box::new(move || to.send(reply)));
        }
    }

    /// A handler asked to stop once, or the server is dead.
    #[cold]
    fn reply_later(&mut self, send: Box<dyn FnOnce() + Send>) {
        if self.is_dead() {
            // The reply goes with it.
            return discard(send);
        }
        match &mut self.asked {
            Some(asked) => asked.send_in_order(send),
            None => send(),
        }
    }

    /// The server is watched: the replies are counted of the handler that comes next.
    pub(super) fn watch(&mut self) {
        self.asked.get_or_insert_default().watch();
    }

    #[inline]
    pub(super) fn take_stop(&mut self) -> Option<ExitReason> {
        self.asked.as_mut().and_then(|asked| asked.take_stop())
    }

    pub(super) fn send_held_replies(&mut self) {
        if let Some(asked) = self.asked.take() {
            asked.send_held();
        }
    }

    /// The server as a process.
    pub(crate) const fn any_process(&self) -> &Arc<dyn Process> {
        &self.process
    }

    pub(crate) fn header(&self) -> &Header {
        self.process.header()
    }

    /// The server as a process, for a downcast.
    pub(super) fn process(&self) -> Arc<dyn Any + Send + Sync> {
        let process: Arc<dyn Process> = Arc::clone(&self.process);
        process
    }

    fn is_dead(&self) -> bool {
        self.header().exit_reason().is_some()
    }
}

impl<S: GenServer> fmt::Debug for Context<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("pid", &self.pid())
            .finish_non_exhaustive()
    }
}
