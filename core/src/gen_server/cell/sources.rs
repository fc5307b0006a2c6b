//! Streams that a server is attached to. Each stands in the cell, and is polled by who runs the server, between two messages: so it is
//! polled as the server, never beside a handler, and is dropped with what else the server holds.
//!
//! When a stream has something, its waker puts a *look* into the mailbox. The runner that comes to it polls the stream; an item is
//! handled next, and another look is queued behind what waits. So there is at most one item at a time, and a busy stream and a
//! busy mailbox take turns.

use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use futures_core::Stream;

use super::continues::First;
use super::message::{Mail, System};
use super::source::{Feed, Home, Source};
use super::{AnyCell, Cell};
use crate::gen_server::asked::Continue;
use crate::gen_server::{GenServer, Message};
use crate::sync::{Arc, Weak, lock};

struct Items<T, F> {
    stream: Pin<Box<T>>,
    make: F,
}

/// A stream with what makes messages of its items, for a server of the type `S`.
struct FeedOf<S: GenServer, T, F>(Items<T, F>, PhantomData<fn() -> S>);

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
        let forgotten = sources.and_then(|sources| sources.remove(number));
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
        let feed = Box::new(FeedOf::<S, T, F>(items, PhantomData));
        self.any().open(feed, Box::new(Arc::downgrade(self)))
    }
}

impl AnyCell {
    fn open(&self, feed: Box<dyn Feed>, server: Box<dyn Home>) -> Arc<Source> {
        let mut control = lock(&self.control);
        let sources = control
            .get_or_insert_default()
            .sources
            .get_or_insert_default();
        let source = sources.add(feed, server);
        self.state.note_belongings();
        // Dead before it is buried, which is where they are taken out, under this lock.
        let dead = self.header.exit_reason().is_some();
        drop(control);
        if dead {
            source.close();
        } else {
            source.queue_look();
        }
        source
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
