//! Streams that a server is attached to. Each stands in the cell, and is polled by who runs the server, between two messages: so it is
//! polled as the server, never beside a handler, and is dropped with what else the server holds.
//!
//! When a stream has something, its waker puts a *look* into the mailbox. The runner that comes to it polls the stream; an item is
//! handled next, and another look is queued behind what waits. So there is at most one item at a time, and a busy stream and a
//! busy mailbox take turns.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, Wake, Waker};

use futures_core::Stream;

use super::continues::First;
use super::control::Control;
use super::message::{Mail, System};
use super::{AnyCell, Cell};
use crate::catch::catch_dyn;
use crate::exit_reason::ExitReason;
use crate::gen_server::asked::{Asked, Continue};
use crate::gen_server::{GenServer, Message};
use crate::guard::discard;
use crate::planted::{Bug, planted};
use crate::rt;
use crate::sync::atomic::{AtomicBool, Ordering};
use crate::sync::{Arc, Mutex, Weak, lock};

/// The streams of a server, by number.
#[derive(Default)]
pub(super) struct Sources {
    next: u64,
    open: BTreeMap<u64, Arc<Source>>,
}

/// A stream that a server is attached to.
pub(crate) struct Source {
    number: u64,
    server: Box<dyn Home>,
    /// A look is queued, or the stream is about to be polled.
    woken: AtomicBool,
    state: Mutex<State>,
}

struct State {
    /// Unless it is being polled, or over.
    feed: Option<Box<dyn Feed>>,
    over: Option<Over>,
    /// Sends what is to be said at its end.
    at_end: Option<Box<dyn FnOnce() + Send>>,
}

/// Why a stream is over.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Over {
    /// It has come to its end.
    Ended,
    /// It was detached, or has panicked, or the server is dead.
    Closed,
}

/// The server of a source, whatever its type.
trait Home: Send + Sync {
    fn queue(&self, source: Arc<Source>);
    fn forget(&self, number: u64);
}

/// A stream, and what makes a message of an item, whatever their types.
trait Feed: Send {
    fn poll(&mut self, cx: &mut TaskContext<'_>) -> Poll<Option<Box<dyn Continue>>>;
}

struct Items<T, F> {
    stream: Pin<Box<T>>,
    make: F,
}

/// A stream with what makes messages of its items, for a server of the type `S`.
struct FeedOf<S: GenServer, T, F>(Items<T, F>, std::marker::PhantomData<fn() -> S>);

impl<S, T, F> Feed for FeedOf<S, T, F>
where
    S: GenServer,
    T: Stream + Send,
    F: FnMut(T::Item) -> S::Info + Send,
{
    fn poll(&mut self, cx: &mut TaskContext<'_>) -> Poll<Option<Box<dyn Continue>>> {
        let Items { stream, make } = &mut self.0;
        stream.as_mut().poll_next(cx).map(|item| {
            let message = Message::Info(make(item?));
            Some(Box::new(First::<S>::new(message)) as _)
        })
    }
}

impl<S: GenServer> Home for Weak<Cell<S>> {
    fn queue(&self, source: Arc<Source>) {
        let Some(cell) = self.upgrade() else { return };
        let look = Mail::System(Box::new(System::Look(source)));
        if cell.body.mailbox.push_system(look) {
            cell.note_mail();
        }
    }

    fn forget(&self, number: u64) {
        let Some(cell) = self.upgrade() else { return };
        let mut control = lock(&cell.control);
        let sources = control.as_mut().and_then(|it| it.sources.as_mut());
        let forgotten = sources.and_then(|sources| sources.open.remove(&number));
        drop(control);
        drop(forgotten);
    }
}

impl<S: GenServer> Cell<S> {
    /// Attaches the server to a stream. `None`: it is dead, and the stream is dropped.
    pub(in crate::gen_server) fn attach<T, F>(self: &Arc<Self>, stream: T, make: F) -> Arc<Source>
    where
        T: Stream + Send + 'static,
        F: FnMut(T::Item) -> S::Info + Send + 'static,
    {
        let items = Items {
            stream: Box::pin(stream),
            make,
        };
        let feed = Box::new(FeedOf::<S, T, F>(items, std::marker::PhantomData));
        self.any().open(feed, Box::new(Arc::downgrade(self)))
    }
}

impl AnyCell {
    fn open(&self, feed: Box<dyn Feed>, server: Box<dyn Home>) -> Arc<Source> {
        let mut control = lock(&self.control);
        // Dead before it is buried, which is where they are taken out, under this lock.
        let dead = self.header.exit_reason().is_some();
        let sources = control
            .get_or_insert_default()
            .sources
            .get_or_insert_default();
        let number = sources.next;
        sources.next += 1;
        let source = Arc::new(Source {
            number,
            server,
            woken: AtomicBool::new(false),
            state: Mutex::new(State {
                feed: Some(feed),
                over: None,
                at_end: None,
            }),
        });
        if !dead {
            self.state.note_timed();
            sources.open.insert(number, Arc::clone(&source));
        }
        drop(control);
        if dead {
            source.close();
        } else {
            source.wake_by_ref();
        }
        source
    }
}

impl Control {
    /// Whether the server is attached to streams.
    pub(super) fn has_sources(&self) -> bool {
        self.sources.as_ref().is_some_and(|it| !it.open.is_empty())
    }
}

impl Sources {
    /// The server is dead: its streams are dropped.
    pub(super) fn end(self) {
        for source in self.open.into_values() {
            source.close();
        }
    }
}

impl Source {
    /// The server has come to a look. An item is what it handles next.
    pub(super) fn look(self: Arc<Self>, asked: &mut Option<Box<Asked>>) -> Result<(), ExitReason> {
        let late = planted(Bug::StreamWokenTooEarly);
        if !late {
            // What wakes it from here on is another look.
            self.woken.store(false, Ordering::Release);
        }
        let Some(mut feed) = lock(&self.state).feed.take() else {
            return Ok(());
        };
        let waker = Waker::from(Arc::clone(&self));
        let mut polled = Poll::Pending;
        let caught = catch_dyn(&mut || polled = rt::poll_handler(&waker, |cx| feed.poll(cx)));
        if late {
            self.woken.store(false, Ordering::Release);
        }
        if caught.is_err() {
            discard((feed, polled));
            self.close();
            return caught;
        }
        match polled {
            Poll::Pending => discard(self.put_back(feed)),
            Poll::Ready(None) => {
                discard(feed);
                self.ended();
            }
            Poll::Ready(Some(item)) => {
                let left = self.put_back(feed);
                if left.is_none() {
                    asked.get_or_insert_default().continue_with(item);
                    self.wake_by_ref();
                } else {
                    discard((left, item));
                }
            }
        }
        Ok(())
    }

    /// `Some`: it was detached meanwhile.
    fn put_back(&self, feed: Box<dyn Feed>) -> Option<Box<dyn Feed>> {
        let state = &mut *lock(&self.state);
        if state.over.is_some() {
            return Some(feed);
        }
        state.feed = Some(feed);
        None
    }

    /// The stream has come to its end.
    fn ended(&self) {
        let at_end = {
            let state = &mut *lock(&self.state);
            let before = *state.over.get_or_insert(Over::Ended);
            state.at_end.take().filter(|_| before == Over::Ended)
        };
        self.server.forget(self.number);
        if let Some(send) = at_end {
            send();
        }
    }

    /// Drops the stream; nothing is said of that.
    pub(in crate::gen_server) fn close(&self) {
        let (feed, at_end) = {
            let state = &mut *lock(&self.state);
            state.over.get_or_insert(Over::Closed);
            (state.feed.take(), state.at_end.take())
        };
        self.server.forget(self.number);
        discard(feed);
        discard(at_end);
    }

    /// What is to be done when the stream has ended; at once where it has.
    pub(in crate::gen_server) fn at_end(&self, send: Box<dyn FnOnce() + Send>) {
        let (now, left) = {
            let state = &mut *lock(&self.state);
            match state.over {
                None => (None, state.at_end.replace(send)),
                Some(Over::Ended) => (Some(send), None),
                Some(Over::Closed) => (None, Some(send)),
            }
        };
        discard(left);
        if let Some(send) = now {
            send();
        }
    }

    pub(in crate::gen_server) fn is_open(&self) -> bool {
        lock(&self.state).over.is_none()
    }
}

/// The stream has something. Once it has said so it need not say it again before it is looked at.
impl Wake for Source {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.woken.swap(true, Ordering::AcqRel) {
            self.server.queue(Arc::clone(self));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::task::Poll;
    use std::time::Duration;

    use crate::ExitReason;
    use crate::gen_server::{Context, GenServer, NoMessage, ServerRef};
    use crate::planted::{Bug, plant};
    use crate::sync::Arc;
    use crate::sync::atomic::{AtomicU32, Ordering};

    /// Counts in what it is started with.
    struct Counts(Arc<AtomicU32>);

    /// Has two numbers, and wakes itself before each.
    struct Wakes(u32);

    impl super::Stream for Wakes {
        type Item = u32;

        fn poll_next(
            mut self: std::pin::Pin<&mut Self>,
            cx: &mut std::task::Context<'_>,
        ) -> Poll<Option<u32>> {
            self.0 += 1;
            if self.0 % 2 == 1 {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            Poll::Ready((self.0 <= 4).then_some(self.0))
        }
    }

    impl GenServer for Counts {
        type Args = Arc<AtomicU32>;
        type Call = NoMessage;
        type Cast = NoMessage;
        type Info = u32;
        type Client = ServerRef<Self>;

        async fn init(counted: Arc<AtomicU32>, cx: &mut Context<Self>) -> Result<Self, ExitReason> {
            cx.attach_with(Wakes(0), |n| n);
            Ok(Self(counted))
        }

        async fn handle_info(
            &mut self,
            _n: u32,
            _cx: &mut Context<Self>,
        ) -> Result<(), ExitReason> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Ok(())
        }
    }

    async fn counted(bug: Option<Bug>) -> u32 {
        let counted = Arc::new(AtomicU32::new(0));
        plant(bug);
        let server = crate::start::<Counts>(Arc::clone(&counted)).await;
        tokio::time::sleep(Duration::from_millis(1)).await;
        plant(None);
        drop(server);
        counted.load(Ordering::Relaxed)
    }

    #[tokio::test(start_paused = true)]
    async fn r340_a_stream_that_wakes_while_it_is_polled_is_polled_again() {
        assert_eq!(counted(None).await, 2);
        assert_eq!(counted(Some(Bug::StreamWokenTooEarly)).await, 0);
    }
}
