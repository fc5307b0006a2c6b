//! A call whose handler may wait, begun by its caller: the caller is inside of the idle server, and polls the handler once.
//!
//! A handler that does not wait gives its reply to the caller directly: no message, no slot, no task. One that waits stays
//! with the server, and replies through a slot.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};

use crate::catch::catch;
use crate::exit_reason::ExitReason;
use crate::gen_server::cell::Cell;
use crate::gen_server::cell::core::Home;
use crate::gen_server::cell::in_place::Answered;
use crate::gen_server::cell::job::{After, Guarded, Handled, Handling};
use crate::gen_server::cell::last_message::Kind;
use crate::gen_server::cell::run::Stay;
use crate::gen_server::cell::state::BUSY;
use crate::gen_server::report;
use crate::gen_server::{Described, GenServer, Request};
use crate::process::current;
use crate::reply::slot::Opened;
use crate::reply::{ReplyTo, cache};
use crate::sync::lock;

/// What came of a call that its caller began.
pub(in crate::gen_server) enum Begun<R, M> {
    Answered(Answered<R, M>),
    /// The handler waits; its reply comes to this slot.
    Waits(Opened<R>),
}

/// The state comes back, with the reply or the panic of the handler.
type Outcome<S, R> = (Box<Home<S>>, Result<R, ExitReason>);

/// The handler of a call. Its memory is used again for the next call of the same sort.
struct Asked<F, R, M> {
    future: Pin<Box<F>>,
    make: M,
    /// Where the reply goes when the handler has waited.
    reply: Option<ReplyTo<R>>,
}

impl<S, F, R, M> Handling<S> for Asked<F, R, M>
where
    S: GenServer,
    R: Send + 'static,
    F: Future<Output = Outcome<S, R>> + Send + 'static,
    M: Send + 'static,
{
    #[inline]
    fn poll(&mut self, cx: &mut TaskContext<'_>) -> Poll<Handled<S>> {
        let (mut home, outcome) = std::task::ready!(self.future.as_mut().poll(cx));
        let after = match (outcome, self.reply.take()) {
            (Ok(reply), Some(to)) => {
                home.cx.reply(to, reply);
                home.cx.take_stop().map_or(After::Done, After::Ends)
            }
            (Ok(_), None) => After::Done,
            (Err(reason), to) => {
                drop(to);
                After::Ends(reason)
            }
        };
        Poll::Ready((home, after))
    }
}

async fn handle<S: GenServer, R: Request<S>>(
    mut home: Box<Home<S>>,
    request: R,
) -> Outcome<S, R::Reply> {
    let Home { state, cx, .. } = &mut *home;
    let state = state.get_mut();
    // Made inside of its own guard: a handler written by hand may panic before its first poll.
    let outcome = match catch(|| request.handle_async(state, cx)) {
        Ok(future) => Guarded::new(std::pin::pin!(future)).await,
        Err(reason) => Err(reason),
    };
    (home, outcome)
}

impl<S: GenServer> Cell<S> {
    /// Begins the handler of a call. The one who calls is inside, and goes out.
    #[inline]
    pub(in crate::gen_server) fn begin<R: Request<S>>(
        self: &Arc<Self>,
        request: R,
    ) -> Begun<R::Reply, R> {
        self.begin_with(request, handle::<S, R>)
    }

    #[inline]
    fn begin_with<R, F, M>(self: &Arc<Self>, request: R, make: M) -> Begun<R::Reply, R>
    where
        R: Request<S>,
        F: Future<Output = Outcome<S, R::Reply>> + Send + 'static,
        M: Fn(Box<Home<S>>, R) -> F + Copy + Send + 'static,
    {
        let mut inside = lock(&self.inside);
        let Some(mut home) = inside.home.take() else {
            drop(inside);
            self.go_out();
            return Begun::Answered(Answered::Cannot(request));
        };
        let start = self.start_sample(&mut inside.tempo);
        home.last.set::<S>(Kind::Call, || {
            if S::OPTIONS.last_message {
                request.describe()
            } else {
                Described::new(R::NAME)
            }
        });
        let waker = inside.take_waker(self);
        let polled = {
            let _scope = current::enter(self.pid());
            let span = inside.cloned_span();
            let mut cx = TaskContext::from_waker(&waker);
            match inside.handling_of::<Asked<F, R::Reply, M>>() {
                Some(asked) => {
                    asked.future.set((asked.make)(home, request));
                    report::in_span(span.as_deref(), || asked.future.as_mut().poll(&mut cx))
                }
                None => {
                    let mut future = Box::pin(make(home, request));
                    let polled = report::in_span(span.as_deref(), || future.as_mut().poll(&mut cx));
                    inside.keep_handling(Box::new(Asked {
                        future,
                        make,
                        reply: None,
                    }));
                    polled
                }
            }
        };
        inside.keep_waker(waker);
        if let Some(start) = start {
            self.sample(&mut inside.tempo, start);
        }
        let Poll::Ready((mut home, outcome)) = polled else {
            let (slot, reply) = cache::open(self.pid().node());
            if let Some(asked) = inside.handling_of::<Asked<F, R::Reply, M>>() {
                asked.reply = Some(reply);
            }
            drop(inside);
            self.word.set(BUSY);
            self.run(Stay::CALLER);
            return Begun::Waits(slot);
        };
        self.count();
        let stop = home.cx.take_stop();
        inside.home = Some(home);
        drop(inside);
        Begun::Answered(match (outcome, stop) {
            (Ok(reply), None) => {
                self.go_out();
                Answered::Reply(reply)
            }
            (Ok(reply), Some(reason)) => {
                self.part(reason);
                Answered::Parting(Some(reply))
            }
            (Err(reason), _) => {
                self.part(reason);
                Answered::Parting(None)
            }
        })
    }
}
