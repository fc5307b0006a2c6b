//! `AsyncStream`: a task for each item of a stream, so many at a time.

mod at_work;
mod begin;
mod items;
mod zip_input;

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;

use self::at_work::{AtWork, Given};
pub(crate) use self::begin::{Begin, Begun};
pub use self::items::Items;
pub use self::zip_input::ZipInput;
use super::handle::Task;
use super::task_error::TaskError;
use crate::guard::Guarded;
use crate::rt;

impl<T: Send + 'static> Task<T> {
    /// Starts a task for each item, at most so many at a time, and gives their values as a stream: Elixir's
    /// [`Task.async_stream`](https://hexdocs.pm/elixir/Task.html#async_stream/3). `work` makes the future of a task.
    ///
    /// ```
    /// use suptree::{Task, TaskError};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), TaskError> {
    /// let mut squares = Task::async_stream(1..=3, |n| async move { n * n }).max_concurrency(2);
    /// let mut sum = 0;
    /// while let Some(square) = squares.next().await {
    ///     sum += square?;
    /// }
    /// assert_eq!(sum, 14);
    /// # Ok(()) }
    /// ```
    ///
    /// The tasks are linked with the process in which the stream is polled, as by [`Task::spawn`]: a crash of one ends it, unless it
    /// traps exits. Those of [`TaskSupervisor::async_stream_nolink`](crate::TaskSupervisor::async_stream_nolink) do it no harm.
    ///
    /// An item is taken when there is a task to be started, `work` is called then, and both in the poll of the stream. Items of another
    /// stream: [`async_stream_of`](Self::async_stream_of).
    ///
    /// # Panics
    ///
    /// Where it is polled and there is no Tokio runtime with timers.
    pub fn async_stream<I, F, W>(items: I, work: W) -> AsyncStream<Items<I::IntoIter>, T>
    where
        I: IntoIterator<IntoIter: Send + 'static, Item: Send + 'static>,
        F: Future<Output = T> + Send + 'static,
        W: FnMut(I::Item) -> F + Send + 'static,
    {
        Self::async_stream_of(Items::of(items.into_iter()), work)
    }

    /// Like [`async_stream`](Self::async_stream), of the items of a stream.
    ///
    /// ```
    /// use suptree::{Task, TaskError};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let lengths = Task::async_stream(["one", "three"], |word| async move { word.len() });
    /// let mut squares = Task::async_stream_of(lengths, |length| async move { length.map(|n| n * n) });
    /// assert_eq!(squares.next().await, Some(Ok(Ok(9))));
    /// assert_eq!(squares.next().await, Some(Ok(Ok(25))));
    /// assert_eq!(squares.next().await, None);
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// Where it is polled and there is no Tokio runtime with timers.
    pub fn async_stream_of<S, F, W>(items: S, mut work: W) -> AsyncStream<S, T>
    where
        S: Stream<Item: Send + 'static> + Send + 'static,
        F: Future<Output = T> + Send + 'static,
        W: FnMut(S::Item) -> F + Send + 'static,
    {
        AsyncStream::new(
            items,
            Box::new(move |item| Begun::Now(Self::spawn(work(item)))),
        )
    }
}

/// What came of a task for each item of a stream, as a stream. Made by [`Task::async_stream`], and by a
/// [`TaskSupervisor`](crate::TaskSupervisor).
///
/// It is a [`Stream`], and has a [`next`](Self::next) of its own. What came of an item is its value, or why there is none: a
/// [`TaskError`]. By itself it gives them in the order of the items, runs as many tasks as the machine has cores, and waits for each as long as
/// it takes.
///
/// ```
/// use std::time::Duration;
/// use suptree::{Task, TaskError};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let nap = |millis| async move {
///     tokio::time::sleep(Duration::from_millis(millis)).await;
///     millis
/// };
/// let limit = Duration::from_millis(50);
/// let mut naps = Task::async_stream([10_000, 1], nap).max_concurrency(2).unordered().timeout(limit).kill_late();
/// assert_eq!(naps.next().await, Some(Ok(1)));
/// assert_eq!(naps.next().await, Some(Err(TaskError::Timeout(limit))));
/// assert_eq!(naps.next().await, None);
/// # }
/// ```
///
/// It does nothing unless it is polled. Dropped before its end, it kills the tasks that run, which have no link any more.
///
/// # Cancel safety
///
/// Cancel safe: nothing is lost when `next()` is a branch of a `select!` that another one wins.
#[must_use = "no task starts unless the stream is polled"]
pub struct AsyncStream<S: Stream, T> {
    /// Until it has no more items.
    items: Option<Guarded<Pin<Box<S>>>>,
    begin: Guarded<Begin<S::Item, T>>,
    at_work: AtWork<S::Item, T>,
    /// Copies an item, which is to come with the error.
    keep: Option<Keep<S::Item>>,
    max_concurrency: usize,
    timeout: Option<Duration>,
    kill_late: bool,
    over: bool,
}

impl<S: Stream, T: Send + 'static> AsyncStream<S, T> {
    pub(crate) fn new(items: S, begin: Begin<S::Item, T>) -> Self {
        Self {
            items: Some(Guarded::new(Box::pin(items))),
            begin: Guarded::new(begin),
            at_work: AtWork::new(),
            keep: None,
            max_concurrency: rt::cores(),
            timeout: None,
            kill_late: false,
            over: false,
        }
    }

    /// How many tasks run at a time, at least one. As many as the machine has cores, unless set.
    pub fn max_concurrency(mut self, tasks: usize) -> Self {
        self.max_concurrency = tasks.max(1);
        self
    }

    /// Gives values as they come, instead of in the order of the items. In order, those that are early wait for the slow, in memory.
    pub fn unordered(mut self) -> Self {
        self.at_work.ordered = false;
        self
    }

    /// Waits at most this long for a task, from its start on. One that is late is the last item, [`TaskError::Timeout`]: the stream kills
    /// the others, and is over. See [`kill_late`](Self::kill_late). There is no limit unless this sets one.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// A task that is late is killed, gives [`TaskError::Timeout`], and the stream goes on.
    pub const fn kill_late(mut self) -> Self {
        self.kill_late = true;
        self
    }

    /// Gives the item with the error: `Err((item, error))`. Elixir's `zip_input_on_exit`.
    ///
    /// ```
    /// use suptree::{Task, TaskError};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let divide = |n: u32| async move { 12 / n };
    /// let mut quotients = Task::async_stream([3, 0], divide).zip_input_on_exit();
    /// assert_eq!(quotients.next().await, Some(Ok(4)));
    /// let (item, error) = quotients.next().await.unwrap().unwrap_err();
    /// assert_eq!(item, 0);
    /// assert!(matches!(error, TaskError::Exited(_)));
    /// # }
    /// ```
    pub fn zip_input_on_exit(mut self) -> ZipInput<S, T>
    where
        S::Item: Clone,
    {
        self.keep = Some(S::Item::clone);
        ZipInput::new(self)
    }

    /// What came of the next item; `None`, when that was all.
    pub async fn next(&mut self) -> Option<Result<T, TaskError>> {
        poll_fn(|cx| self.poll_item(cx))
            .await
            .map(|(outcome, _)| outcome)
    }

    /// What came of the next item, and the item, if it is kept.
    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Option<Given<S::Item, T>>> {
        loop {
            if self.at_work.has_given() {
                // Before it is taken: it would be lost with a poll that has to be repeated.
                ready!(rt::poll_budget_at_times(cx));
                return Poll::Ready(self.at_work.next_given());
            }
            if self.over {
                return Poll::Ready(None);
            }
            if self.at_work.poll_end(cx).is_ready() || self.poll_begin(cx).is_ready() {
                continue;
            }
            if let Poll::Ready(late) = self.at_work.poll_late(cx) {
                self.see_to_late(late);
                continue;
            }
            if self.items.is_none() && self.at_work.is_empty() {
                self.over = true;
                continue;
            }
            return Poll::Pending;
        }
    }

    /// Ready, when a task has begun, or none will any more.
    fn poll_begin(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match ready!(self.at_work.poll_starting(cx, self.timeout)) {
            Some(Ok(())) => return Poll::Ready(()),
            Some(Err(error)) => {
                self.fail(error);
                return Poll::Ready(());
            }
            None => {}
        }
        if self.at_work.len() >= self.max_concurrency {
            return Poll::Pending;
        }
        let Some(items) = &mut self.items else {
            return Poll::Pending;
        };
        // Where very many may run, they are not begun in one poll.
        ready!(rt::poll_budget_at_times(cx));
        match ready!(items.get_mut().as_mut().poll_next(cx)) {
            Some(item) => {
                let kept = self.keep.map(|keep| keep(&item));
                let begun = self.begin.get_mut()(item);
                self.at_work.begin(begun, kept, self.timeout);
            }
            None => self.items = None,
        }
        Poll::Ready(())
    }

    fn see_to_late(&mut self, late: u64) {
        let Some(timeout) = self.timeout else { return };
        if self.kill_late {
            self.at_work.end_late(late, timeout);
        } else {
            let item = self.at_work.kept(late);
            self.fail((TaskError::Timeout(timeout), item));
        }
    }

    /// The last that is given.
    fn fail(&mut self, (error, item): (TaskError, Option<S::Item>)) {
        self.over = true;
        self.items = None;
        self.at_work.clear();
        self.at_work.give_last((Err(error), item));
    }
}

type Keep<I> = fn(&I) -> I;

// What is pinned has a box of its own.
impl<S: Stream, T> Unpin for AsyncStream<S, T> {}

impl<S: Stream, T: Send + 'static> Stream for AsyncStream<S, T> {
    type Item = Result<T, TaskError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let given = ready!(self.get_mut().poll_item(cx));
        Poll::Ready(given.map(|(outcome, _)| outcome))
    }
}

impl<S: Stream, T> fmt::Debug for AsyncStream<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncStream")
            .field("max_concurrency", &self.max_concurrency)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
