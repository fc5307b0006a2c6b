//! `Context::for_test`: handlers are called like any other method, and what they ask of their server is recorded.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::time::Duration;

use crate::exit_reason::ExitReason;
use crate::gen_server::cell::alone::{Alone, Left};
use crate::gen_server::{Context, GenServer, Message};
use crate::process::current;
use crate::process::name::Name;
use crate::process::pid::Pid;
use crate::reply::abandoned;
use crate::text::text;

/// The context of a server that is tested alone: its handlers are called as the methods that they are, with `&mut cx`, and what they
/// ask of their server is recorded instead of done. [`Context::for_test`] makes one.
///
/// It needs no runtime, and is the same inside of one. The server is a process by itself, which nobody else finds by a name, and which ends
/// when this is dropped; its clock stands still until [`advance`](Self::advance).
///
/// ```
/// use std::time::Duration;
/// use suptree::prelude::*;
/// use suptree::Recorded;
///
/// const TEN_MINUTES: Duration = Duration::from_secs(600);
///
/// #[derive(Default)]
/// struct Sessions(Vec<u64>);
///
/// #[genserver(name = "sessions", last_message)]
/// impl Sessions {
///     #[init]
///     fn init(first: u64, cx: &mut Context<Self>) -> Self {
///         cx.then().load(first);
///         Self::default()
///     }
///
///     #[handle_continue]
///     fn load(&mut self, first: u64) {
///         self.0.push(first);
///     }
///
///     #[call]
///     fn open(&mut self, id: u64, cx: &mut Context<Self>) -> usize {
///         self.0.push(id);
///         cx.client().expire(id).send_after(TEN_MINUTES);
///         self.0.len()
///     }
///
///     #[call]
///     fn wait(&mut self, reply: ReplyTo<u64>) {
///         reply.send(self.0[0]);
///     }
///
///     #[info]
///     fn expire(&mut self, id: u64, cx: &mut Context<Self>) {
///         self.0.retain(|open| *open != id);
///         if self.0.is_empty() {
///             cx.stop(ExitReason::Normal);
///         }
///     }
/// }
///
/// # async fn test() -> Result<(), ExitReason> {
/// let mut cx = Context::for_test();
/// let mut sessions = Sessions::init(7, &mut cx);
/// assert_eq!(cx.recorded(), [Recorded::Continue("load(7)".into())]);
///
/// // What was recorded is handled when the test says so.
/// cx.run(&mut sessions).await?;
/// assert_eq!(sessions.open(8, &mut cx), 2);
/// assert_eq!(cx.recorded(), [Recorded::SendAfter(TEN_MINUTES, "expire(8)".into())]);
///
/// cx.advance(TEN_MINUTES);
/// cx.run(&mut sessions).await?;
/// assert_eq!(sessions.0, [7]);
///
/// sessions.expire(7, &mut cx);
/// assert_eq!(cx.recorded(), [Recorded::Stop(ExitReason::Normal)]);
///
/// // A reply handle to call a handler with.
/// sessions.0.push(9);
/// let (reply, mut received) = ReplyTo::for_test();
/// sessions.wait(reply);
/// assert_eq!(received.take(), Some(Ok(9)));
/// # Ok(()) }
/// # use std::task::{Context as TaskContext, Poll, Waker};
/// # let tested = std::pin::pin!(test()).poll(&mut TaskContext::from_waker(Waker::noop()));
/// # assert!(matches!(tested, Poll::Ready(Ok(()))));
/// ```
///
/// With the option `last_message` a record shows the arguments of a message, as reports do; without it, the handler's name.
///
/// What a handler does with others it does: it calls the servers whose clients it has, and spawns tasks where there is a runtime. The ends
/// of those that it is linked with, and of those that it monitors, arrive in [`run`](Self::run). A call to the server itself by
/// [`client`](Context::client) is recorded as a message, and waits for its reply as long as it may.
///
/// A handler that is called as a method does not run as the server: [`self_pid`](crate::self_pid) is not this server's, and
/// [`link`](crate::link) panics. It does in [`run`](Self::run), and in [`as_server`](Self::as_server).
///
/// Dropping it ends the server: those that are linked with it hear of that, and clients of it give
/// [`CastError::NoProc`](crate::CastError::NoProc) then.
pub struct TestContext<S: GenServer> {
    cx: Context<S>,
    alone: Alone<S>,
    /// That a handler has asked to stop, and whether that was looked at.
    stop: Option<(ExitReason, bool)>,
    /// What else they have asked for, and was not looked at.
    waits: Vec<Recorded>,
}

/// What handlers have asked of their server: see [`TestContext::recorded`]. A message is recorded as its handler's name; with the option
/// `last_message` also its arguments, `expire(7)`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Recorded {
    /// To continue with this: [`Context::then`], [`Context::continue_with`].
    Continue(String),
    /// It was sent this message, as by [`Context::client`].
    Send(String),
    /// It will be sent this message after this time: [`Cast::send_after`](crate::Cast::send_after).
    SendAfter(Duration, String),
    /// It will be sent this message each time this period is over: [`Cast::send_every`](crate::Cast::send_every).
    SendEvery(Duration, String),
    /// To be linked with this process: [`link`](crate::link()), and `link()` of any reference.
    Link(Pid),
    /// To hear of the end of this process: [`Context::monitor`], and in a server with `#[down]` [`Context::spawn_monitored`].
    Monitor(Pid),
    /// To hear of the end of who has this name: [`Context::monitor`] of a name, or of a reference by one.
    MonitorName(Name),
    /// To wait so long for a message: [`Context::timeout`].
    Timeout(Duration),
    /// To give back what it does not need: [`Context::hibernate`].
    Hibernate,
    /// To stop: [`Context::stop`].
    Stop(ExitReason),
}

impl Recorded {
    fn of<S: GenServer>(left: &Left<'_, S>) -> Self {
        let message = text(format_args!("{}", S::describe_message(left.message)));
        match (left.message, left.period, left.after) {
            (Message::Continue(_), ..) => Self::Continue(message),
            (_, Some(period), Some(_)) => Self::SendEvery(period, message),
            (_, None, Some(after)) => Self::SendAfter(after, message),
            (_, _, None) => Self::Send(message),
        }
    }
}

impl<S: GenServer> Context<S> {
    /// A context to call handlers with in a unit test: see [`TestContext`]. It needs no runtime.
    ///
    /// ```
    /// use suptree::prelude::*;
    /// use suptree::Recorded;
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
    /// let mut cx = Context::for_test();
    /// assert_eq!(Job.finish(&mut cx), "done");
    /// assert_eq!(cx.recorded(), [Recorded::Stop(ExitReason::Normal)]);
    /// ```
    #[must_use]
    pub fn for_test() -> TestContext<S> {
        let (alone, cx) = Alone::new();
        TestContext {
            cx,
            alone,
            stop: None,
            waits: Vec::new(),
        }
    }
}

impl<S: GenServer> TestContext<S> {
    /// What handlers have asked of their server since this was called last: what to continue with, then messages in the order in which
    /// they were sent, then timers in the order in which they were set, then links, each once, and monitors; then how long to wait for a message, and to
    /// stop. A timer that was cancelled meanwhile is not among them, nor a link or a monitor that was given up; nor is what
    /// [`run`](Self::run) has handled.
    ///
    /// ```
    /// use std::time::Duration;
    /// use suptree::prelude::*;
    /// use suptree::Recorded;
    ///
    /// #[derive(Default)]
    /// struct Clock;
    ///
    /// #[genserver]
    /// impl Clock {
    ///     #[call]
    ///     fn wind(&self, cx: &mut Context<Self>) {
    ///         cx.client().tick().send_every(Duration::from_secs(60));
    ///         cx.client().tick().try_send().unwrap();
    ///     }
    ///
    ///     #[cast]
    ///     fn tick(&self) {}
    /// }
    ///
    /// let mut cx = Context::for_test();
    /// Clock.wind(&mut cx);
    /// let minutely = Recorded::SendEvery(Duration::from_secs(60), "tick".into());
    /// assert_eq!(cx.recorded(), [Recorded::Send("tick".into()), minutely]);
    /// assert_eq!(cx.recorded(), []);
    /// ```
    pub fn recorded(&mut self) -> Vec<Recorded> {
        self.take_left();
        let mut recorded = Vec::new();
        self.alone
            .look(&mut |left| recorded.push(Recorded::of(&left)));
        recorded.extend(self.alone.take_links().into_iter().map(Recorded::Link));
        self.alone.look_at_monitors(&mut |pid, name| {
            recorded.push(match name {
                Some(name) => Recorded::MonitorName(name.clone()),
                None => Recorded::Monitor(pid),
            });
        });
        recorded.append(&mut self.waits);
        if let Some((reason, looked @ false)) = &mut self.stop {
            *looked = true;
            recorded.push(Recorded::Stop(reason.clone()));
        }
        recorded
    }

    /// Has the server's clock go on. What is due then waits to be handled by [`run`](Self::run). A message that is sent again and again
    /// waits there once, however many of its periods are over, as in a server that was busy.
    ///
    /// ```
    /// use std::time::Duration;
    /// use suptree::prelude::*;
    ///
    /// # #[derive(Default)] struct Bell(u32);
    /// # #[genserver] impl Bell { #[info] fn ring(&mut self) { self.0 += 1; } }
    /// let mut cx = Context::<Bell>::for_test();
    /// let timer = cx.client().ring().send_after(Duration::from_secs(10));
    /// cx.advance(Duration::from_secs(4));
    /// assert_eq!(timer.left(), Some(Duration::from_secs(6)));
    /// cx.advance(Duration::from_secs(6));
    /// assert_eq!(timer.left(), None);
    /// ```
    pub fn advance(&mut self, by: Duration) {
        self.take_left();
        self.alone.advance(by);
    }

    /// Has this code run as the server: [`self_pid`](crate::self_pid) is its pid, and links are its own. For handlers that do not wait;
    /// one that does is sent its message, and [`run`](Self::run).
    ///
    /// ```
    /// use suptree::prelude::*;
    /// use suptree::{ProcessRef, Recorded};
    ///
    /// #[derive(Default)]
    /// struct Companion;
    ///
    /// #[genserver]
    /// impl Companion {
    ///     #[call]
    ///     fn follow(&mut self, other: ProcessRef, cx: &mut Context<Self>) {
    ///         other.link();
    ///         cx.monitor("database");
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let leader = Companion::start().await?;
    /// let mut cx = Context::for_test();
    /// cx.as_server(|cx| Companion.follow(leader.process(), cx));
    /// let pid = leader.pid().expect("it lives");
    /// assert_eq!(cx.recorded(), [Recorded::Link(pid), Recorded::MonitorName("database".into())]);
    ///
    /// leader.kill();
    /// # leader.monitor().await;
    /// assert_eq!(cx.run(&mut Companion).await, Err(ExitReason::Killed)); // it would go along
    /// # Ok(()) }
    /// ```
    pub fn as_server<R>(&mut self, act: impl FnOnce(&mut Context<S>) -> R) -> R {
        let _after = Abandoned(self.cx.pid());
        let _scope = current::enter(self.cx.pid());
        act(&mut self.cx)
    }

    /// Handles what waits, one message after the other, as the server does: what to continue with first, then messages, and what these
    /// leave in turn. Exit signals are seen to before each message. It is done when nothing waits any more.
    ///
    /// ```
    /// use suptree::prelude::*;
    ///
    /// #[derive(Default)]
    /// struct Countdown(Vec<u8>);
    ///
    /// #[genserver]
    /// impl Countdown {
    ///     #[cast]
    ///     fn from(&mut self, n: u8, cx: &mut Context<Self>) -> Result<(), suptree::TrySendError> {
    ///         self.0.push(n);
    ///         if n > 0 {
    ///             cx.client().from(n - 1).try_send()?;
    ///         }
    ///         Ok(())
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let (mut cx, mut countdown) = (Context::for_test(), Countdown::default());
    /// countdown.from(3, &mut cx)?;
    /// cx.run(&mut countdown).await.expect("it does not stop");
    /// assert_eq!(countdown.0, [3, 2, 1, 0]);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// The reason with which the server would end: a handler has asked to stop, has failed or has panicked, or the server was told to, by a
    /// signal or by `stop`. What waits then is not handled.
    ///
    /// # Cancel safety
    ///
    /// Dropped while a handler waits, that message is lost, and the others still wait.
    pub async fn run(&mut self, server: &mut S) -> Result<(), ExitReason> {
        loop {
            // An exit that is trapped is among what is left.
            if let Some(reason) = self.alone.take_signals() {
                return Err(reason);
            }
            self.take_left();
            if let Some((reason, _)) = &self.stop {
                return Err(reason.clone());
            }
            match self.alone.handle_next(server, &mut self.cx).await {
                Some(handled) => handled?,
                None => return Ok(()),
            }
        }
    }

    fn take_left(&mut self) {
        if let Some(asked) = &self.cx.asked {
            let waits = asked.waits();
            self.waits.extend(waits.map(Recorded::Timeout));
            self.waits
                .extend(asked.hibernates().then_some(Recorded::Hibernate));
        }
        if let Some(reason) = self.alone.take_left(&mut self.cx) {
            self.stop = Some((reason, false));
        }
    }
}

/// Dropped when the process is left, which has not died: who waits for replies that it has dropped is told.
struct Abandoned(Pid);

impl Drop for Abandoned {
    fn drop(&mut self) {
        abandoned::notify(self.0);
    }
}

impl<S: GenServer> Deref for TestContext<S> {
    type Target = Context<S>;

    fn deref(&self) -> &Context<S> {
        &self.cx
    }
}

impl<S: GenServer> DerefMut for TestContext<S> {
    fn deref_mut(&mut self) -> &mut Context<S> {
        &mut self.cx
    }
}

impl<S: GenServer> fmt::Debug for TestContext<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestContext")
            .field("pid", &self.pid())
            .finish_non_exhaustive()
    }
}
