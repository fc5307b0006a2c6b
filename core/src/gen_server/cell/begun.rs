//! A call whose handler may wait, begun by its caller, who has entered the idle server and polls the handler once.
//!
//! A handler that does not wait gives its reply to the caller directly: no message, no slot, no task. One that waits stays
//! with the server, and replies through a slot.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context as TaskContext, Poll};

use super::continues::Then;
use super::core::Core;
use super::enter::Entered;
use super::handling::{Handled, Handling, Step};
use super::inline::CallOutcome;
use super::instance::{Instance, Kept};
use super::turn;
use super::turns::Turns;
use crate::catch::{Caught, catch};
use crate::exit_reason::ExitReason;
use crate::gen_server::large::{ByPointer, ByValue, Carry, makes_large};
use crate::gen_server::{GenServer, Request};
use crate::process::current;
use crate::reply::{ReplyTo, cache};
use crate::rt;
use crate::sync::lock;

/// The state comes back, with the reply or the panic of the handler.
type Finished<S, R> = (Box<Instance<S>>, Result<R, ExitReason>);

/// The handler of a call. Its memory is used again for the next call of the same sort.
struct Begun<F, R, M> {
    future: Pin<Box<F>>,
    make: M,
    /// Where the reply goes when the handler has waited.
    reply: Option<ReplyTo<R>>,
}

impl<S, F, R, M> Handling<S> for Begun<F, R, M>
where
    S: GenServer,
    R: Send + 'static,
    F: Future<Output = Finished<S, R>> + Send + 'static,
    M: Send + 'static,
{
    #[inline]
    fn poll(&mut self, cx: &mut TaskContext<'_>) -> Poll<Handled<S>> {
        let (mut instance, outcome) = std::task::ready!(self.future.as_mut().poll(cx));
        let step = match (outcome, self.reply.take()) {
            (Ok(reply), Some(to)) => {
                instance.cx.reply(to, reply);
                match instance.cx.take_stop() {
                    None => Ok(Step::Done),
                    Some(reason) => Err(reason),
                }
            }
            (Ok(_), None) => Ok(Step::Done),
            (Err(reason), to) => {
                drop(to);
                Err(reason)
            }
        };
        Poll::Ready((instance, step))
    }
}

async fn run_request<C: Carry, S: GenServer, R: Request<S>>(
    mut instance: Box<Instance<S>>,
    request: R,
) -> Finished<S, R::Reply> {
    let Instance { state, cx, .. } = &mut *instance;
    let state = state.get_mut();
    // Made inside its own guard: a handler written by hand may panic before its first poll.
    let outcome = match catch(|| C::begin_with(|| request.handle_async(state, cx))) {
        Ok(future) => Caught::new(pin!(Some(future))).await,
        Err(reason) => Err(reason),
    };
    (instance, outcome)
}

impl<S: GenServer> Entered<'_, S> {
    /// Begins the handler of a request, and leaves.
    #[inline]
    pub(in crate::gen_server) fn begin<R: Request<S>>(
        self,
        request: &mut Option<R>,
    ) -> CallOutcome<R::Reply> {
        if const { makes_large(&run_request::<ByValue, S, R>) } {
            self.begin_with(request, run_request::<ByPointer, S, R>)
        } else {
            self.begin_with(request, run_request::<ByValue, S, R>)
        }
    }

    #[inline]
    fn begin_with<R, F, M>(self, request: &mut Option<R>, make: M) -> CallOutcome<R::Reply>
    where
        R: Request<S>,
        F: Future<Output = Finished<S, R::Reply>> + Send + 'static,
        M: Fn(Box<Instance<S>>, R) -> F + Copy + Send + 'static,
    {
        let cell = self.cell();
        let mut core = lock(&cell.body.core);
        let waker = turn::take_waker(&mut core);
        let (Some(mut instance), Some(waker), Some(request)) =
            (core.instance.take().map(Kept::take), waker, request.take())
        else {
            drop(core);
            self.leave();
            return CallOutcome::Refused;
        };
        let start = core.tempo.start_sample(&S::OPTIONS);
        cell.doing.begin(R::HANDLER);
        if const { S::OPTIONS.last_message } {
            instance.last.describe(&request.describe());
        }
        let polled = {
            let _scope = current::enter(cell.pid());
            let Core { handlings, .. } = &mut *core;
            match handlings.get::<Begun<F, R::Reply, M>>() {
                Some(begun) => {
                    begun.future.set((begun.make)(instance, request));
                    rt::poll_handler(&waker, |cx| begun.future.as_mut().poll(cx))
                }
                None => {
                    let mut future = Box::pin(make(instance, request));
                    let polled = rt::poll_handler(&waker, |cx| future.as_mut().poll(cx));
                    handlings.keep(Box::new(Begun {
                        future,
                        make,
                        reply: None,
                    }));
                    polled
                }
            }
        };
        core.waker = Some(waker);
        if let Some(start) = start {
            core.tempo.sample(&cell.state, start);
        }
        let Poll::Ready((instance, outcome)) = polled else {
            let (slot, reply) = cache::open();
            if let Some(begun) = core.handlings.get::<Begun<F, R::Reply, M>>() {
                begun.reply = Some(reply);
            }
            drop(core);
            cell.state.begin_await(false);
            cell.note_wait();
            self.run(Turns::CALLER);
            return CallOutcome::Waits(slot);
        };
        cell.count();
        let asked = core.put_back(instance, cell.any());
        drop(core);
        match (outcome, asked) {
            (Ok(reply), Then::Leave) => {
                self.leave();
                CallOutcome::Reply(reply)
            }
            (Ok(reply), Then::LeaveToTask) => {
                self.leave_to_task();
                CallOutcome::Reply(reply)
            }
            (Ok(reply), Then::Exit(reason)) => {
                self.terminate(reason);
                CallOutcome::Exiting(Some(reply))
            }
            (Err(reason), _) => {
                self.terminate(reason);
                CallOutcome::Exiting(None)
            }
        }
    }
}
