//! `Start`: a process that was not started yet, as a future of its handle. `Starting`: one that is being started, which is
//! there before it is ready.

use std::fmt;
use std::future::{Future, poll_fn};
use std::hash::Hash;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use crate::process::Process;
use crate::process::claim;
use crate::process::clock::Clock;
use crate::process::monitor::{Monitor, monitor};
use crate::process::pid::Pid;
use crate::process::timer::Timer;
use crate::registry::{Registry, UniqueKeys};
use crate::rt;
use crate::start_error::StartError;
use crate::sync::{Arc, OnceLock};

/// A process on its way. It has its name already, and those who look it up find it.
pub(crate) struct Starting {
    pub(crate) process: Arc<dyn Process>,
    pub(crate) ready: Ready,
}

impl Starting {
    /// Tells the starter which process it is.
    pub(crate) fn note_pid(&self, started: &OnceLock<Pid>) {
        let _noted_once = started.set(self.process.header().pid);
    }
}

/// Ready when `init` is through; with an error, when the process is gone and its name free. Dropped before, it ends the
/// process: a server at once, a supervisor as soon as its children are gone.
pub(crate) type Ready = Pin<Box<dyn Future<Output = Result<(), StartError>> + Send>>;

/// A server or a supervisor that was not started yet, as a future of its handle: the client of a server, or the supervisor
/// with the handles of its children.
///
/// The name is claimed before `init` runs. A server's `init` runs in the task that awaits, as the new server: messages sent
/// to it by name meanwhile are handled afterwards. A supervisor starts its children one after the other.
///
/// ```
/// # use std::time::Duration;
/// # use suptree::prelude::*;
/// # #[derive(Default)] struct Counter(u64);
/// # #[genserver]
/// # impl Counter { #[call] fn get(&self) -> u64 { self.0 } }
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let counter = Counter::start_link().timeout(Duration::from_secs(1)).await?;
/// assert_eq!(counter.get().await?, 0);
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// A [`StartError`] when there is no process: by then it is gone, and its name free. The children of a supervisor that were
/// started before the one that failed are stopped again, in reverse order.
///
/// # Cancel safety
///
/// Dropping it before it is ready kills the server in its `init`, or the supervisor and what it has started.
///
/// Follows [`GenServer.start_link/3`](https://hexdocs.pm/elixir/GenServer.html#start_link/3), and OTP 26's synchronous
/// failure.
#[must_use = "nothing is started unless this is awaited"]
pub struct Start<H> {
    starting: Option<BoxedStart<H>>,
    limit: Limit,
}

type BoxedStart<H> = Pin<Box<dyn Future<Output = Result<H, StartError>> + Send>>;

impl<H> Start<H> {
    pub(crate) fn new(
        starting: impl Future<Output = Result<H, StartError>> + Send + 'static,
    ) -> Self {
        Self {
            starting: Some(Box::pin(starting)),
            limit: Limit::default(),
        }
    }

    /// The start of a supervisor, which ends when its children are gone. `starting` notes its pid.
    pub(crate) fn supervisor<F>(starting: impl FnOnce(Arc<OnceLock<Pid>>) -> F) -> Self
    where
        F: Future<Output = Result<H, StartError>> + Send + 'static,
    {
        let started = Arc::new(OnceLock::new());
        let mut start = Self::new(starting(Arc::clone(&started)));
        start.limit.started = Some(started);
        start
    }

    /// Gives `init` at most this long; to a supervisor, to start all of its children. By default it may take as long as it
    /// likes.
    ///
    /// ```
    /// use std::time::Duration;
    /// use suptree::prelude::*;
    ///
    /// struct Slow;
    ///
    /// #[genserver(name = "slow")]
    /// impl Slow {
    ///     #[init]
    ///     async fn init() -> Self {
    ///         std::future::pending().await
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let soon = Duration::from_millis(1);
    /// let error = Slow::start().timeout(soon).await.unwrap_err();
    /// assert_eq!(error, StartError::Timeout(soon));
    /// assert_eq!(suptree::whereis("slow"), None); // and it is gone
    /// # Ok(()) }
    /// ```
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.limit.timeout = Some(timeout);
        self
    }

    /// Registers the process in a [`Registry`] before its `init` runs, with a value that is the default one of its type. It may have a
    /// name as well.
    ///
    /// Where the key is taken the start fails with [`StartError::AlreadyStarted`], which says who has it, and `init` does not run. The
    /// key of a start that fails is free again when its starter hears of that.
    ///
    /// ```
    /// use suptree::prelude::*;
    /// use suptree::Registry;
    /// # #[derive(Default)] struct Cache;
    /// # #[genserver] impl Cache {}
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let caches = Registry::<_>::unique();
    /// let cache = Cache::start().via(&caches, "main").await?;
    /// let error = Cache::start().via(&caches, "main").await.unwrap_err();
    /// assert_eq!(error, StartError::AlreadyStarted(cache.pid().unwrap()));
    ///
    /// # Ok(()) }
    /// ```
    pub fn via<K, V, U>(self, registry: &Registry<K, V, U>, key: K) -> Self
    where
        H: 'static,
        K: Hash + Eq + Send + Sync + 'static,
        V: Default + Send + Sync + 'static,
        U: UniqueKeys,
    {
        self.via_with(registry, key, V::default())
    }

    /// Like [`via`](Self::via), with this value.
    ///
    /// ```
    /// use suptree::Registry;
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Cache;
    /// # #[genserver] impl Cache {}
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let limits = Registry::unique();
    /// Cache::start().via_with(&limits, "main", 100).await?;
    /// assert_eq!(limits.lookup("main").map(|entry| *entry.value()), Some(100));
    /// # Ok(()) }
    /// ```
    pub fn via_with<K, V, U>(mut self, registry: &Registry<K, V, U>, key: K, value: V) -> Self
    where
        H: 'static,
        K: Hash + Eq + Send + Sync + 'static,
        V: Send + Sync + 'static,
        U: UniqueKeys,
    {
        let mut claim = Some(registry.claim(key, value));
        self.starting = self.starting.map(|mut starting| {
            let starting =
                poll_fn(move |cx| claim::with(&mut claim, || starting.as_mut().poll(cx)));
            Box::pin(starting) as BoxedStart<H>
        });
        self
    }
}

impl<H> Future for Start<H> {
    type Output = Result<H, StartError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { starting, limit } = self.get_mut();
        if let Some(running) = starting {
            if !limit.begun {
                ready!(rt::poll_budget_at_times(cx));
                limit.begun = true;
            }
            limit.begin();
            if let Poll::Ready(result) = running.as_mut().poll(cx) {
                *starting = None;
                return Poll::Ready(result);
            }
            ready!(limit.poll(cx));
            // What is left of a start that took too long is killed, and gone before its starter hears of it.
            *starting = None;
            limit.wait_for_end();
        }
        Poll::Ready(Err(ready!(limit.poll_end(cx))))
    }
}

impl<H> fmt::Debug for Start<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Start")
            .field("timeout", &self.limit.timeout)
            .finish_non_exhaustive()
    }
}

/// How long a start may take, and what happens then.
#[derive(Default)]
struct Limit {
    timeout: Option<Duration>,
    timer: Option<Timer>,
    /// It has taken a unit of its starter's budget.
    begun: bool,
    /// The process that is being started, where it does not end at once when its start is dropped.
    started: Option<Arc<OnceLock<Pid>>>,
    ending: Ending,
}

/// The end of a start that took too long.
#[derive(Default)]
enum Ending {
    /// Not begun; or over.
    #[default]
    None,
    /// Nothing is left of it.
    Gone,
    /// The process is on its way out.
    Waits(Monitor),
}

impl Limit {
    fn begin(&mut self) {
        if let (Some(timeout), None) = (self.timeout, &self.timer) {
            self.timer = Some(Timer::new(rt::deadline(timeout), Clock::here()));
        }
    }

    /// Ready when it took too long.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match &mut self.timer {
            Some(timer) => timer.poll(cx),
            None => Poll::Pending,
        }
    }

    fn wait_for_end(&mut self) {
        let pid = self.started.as_ref().and_then(|started| started.get());
        self.ending = pid.map_or(Ending::Gone, |pid| Ending::Waits(monitor(*pid)));
    }

    fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<StartError> {
        match &mut self.ending {
            Ending::None => panic!("a start was polled after its end"),
            Ending::Gone => {}
            Ending::Waits(end) => {
                ready!(Pin::new(end).poll(cx));
            }
        }
        self.ending = Ending::None;
        Poll::Ready(StartError::Timeout(self.timeout.unwrap_or_default()))
    }
}
