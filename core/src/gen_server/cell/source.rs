//! A stream that a server is attached to, whatever the types: when it is looked at, and what comes of that.

use std::collections::BTreeMap;
use std::task::{Context as TaskContext, Poll, Wake, Waker};

use crate::catch::catch_dyn;
use crate::exit_reason::ExitReason;
use crate::gen_server::asked::{Asked, Continue};
use crate::guard::discard;
use crate::planted::{Bug, planted};
use crate::rt;
use crate::sync::atomic::{AtomicBool, Ordering};
use crate::sync::{Arc, Mutex, lock};

/// The streams of a server, by number.
#[derive(Default)]
pub(super) struct Sources {
    next: u64,
    open: BTreeMap<u64, Arc<Source>>,
}

/// A stream that a server is attached to.
pub(crate) struct Source {
    pub(super) number: u64,
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
pub(super) trait Home: Send + Sync {
    fn queue(&self, source: Arc<Source>);
    fn forget(&self, number: u64);
}

/// A stream, and what makes a message of an item, whatever their types.
pub(super) trait Feed: Send {
    fn poll(&mut self, cx: &mut TaskContext<'_>) -> Poll<Option<Box<dyn Continue>>>;
}

impl Sources {
    /// Takes one in.
    pub(super) fn add(&mut self, feed: Box<dyn Feed>, server: Box<dyn Home>) -> Arc<Source> {
        let number = self.next;
        self.next += 1;
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
        self.open.insert(number, Arc::clone(&source));
        source
    }

    /// Forgets one that is over.
    pub(super) fn remove(&mut self, number: u64) -> Option<Arc<Source>> {
        self.open.remove(&number)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// The server is dead: its streams are dropped.
    pub(super) fn end(self) {
        if planted(Bug::StreamsOutliveTheirServer) {
            return;
        }
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
                    self.queue_look();
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
        if state.over.is_some() && !planted(Bug::DetachedIsPutBack) {
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

    /// The stream may have something. Once it has said so it need not say it again before it is looked at.
    pub(super) fn queue_look(self: &Arc<Self>) {
        if !self.woken.swap(true, Ordering::AcqRel) {
            self.server.queue(Arc::clone(self));
        }
    }
}

impl Wake for Source {
    fn wake(self: Arc<Self>) {
        self.queue_look();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.queue_look();
    }
}
