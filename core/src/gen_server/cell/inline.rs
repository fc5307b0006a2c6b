//! A call inline: its caller has entered the idle server, and runs the handler itself.

use super::core::Core;
use super::enter::Entered;
use super::message::Message;
use super::run::Turns;
use super::{tempo, turn};
use crate::catch::catch_dyn;
use crate::exit_reason::ExitReason;
use crate::gen_server::{Described, GenServer, Request};
use crate::process::current;
use crate::reply::slot::Opened;
use crate::sync::lock;

/// What came of a call that was tried inline.
pub(crate) enum Inline<R, Q> {
    Reply(R),
    /// The server ends with it; a reply, if there is one, comes after that.
    Exiting(Option<R>),
    /// The handler waits; its reply comes to this slot.
    Waits(Opened<R>),
    /// It has to go through the queue.
    Refused(Q),
}

impl<S: GenServer> Entered<'_, S> {
    /// Runs the handler of a request, and leaves.
    #[inline]
    pub(in crate::gen_server) fn answer<R: Request<S>>(self, request: R) -> Inline<R::Reply, R> {
        let cell = self.cell();
        let mut core = lock(&cell.body.core);
        let Core {
            instance: Some(instance),
            tempo,
            ..
        } = &mut *core
        else {
            drop(core);
            self.leave();
            return Inline::Refused(request);
        };
        let start = tempo::start_sample::<S>(tempo);
        if S::OPTIONS.last_message {
            instance.last.set("call", &request.describe(), true);
        }
        let mut request = Some(request);
        let mut answer = None;
        let caught = {
            let _scope = current::enter(cell.pid());
            catch_dyn(&mut || {
                if let Some(request) = request.take() {
                    answer = Some(request.handle(instance.state.get_mut(), &mut instance.cx));
                }
            })
        };
        if let Err(reason) = caught {
            if !S::OPTIONS.last_message {
                instance.last.set("call", &Described::new(R::NAME), false);
            }
            drop(core);
            self.terminate(reason);
            return Inline::Exiting(None);
        }
        let reply = match answer {
            Some(Ok(reply)) => reply,
            Some(Err(request)) => {
                drop(core);
                self.leave();
                return Inline::Refused(request);
            }
            None => unreachable!("a handler returns or panics"),
        };
        if instance.cx.is_stopping() {
            let reason = instance.cx.take_stop();
            drop(core);
            self.terminate(reason.unwrap_or(ExitReason::Normal));
            return Inline::Exiting(Some(reply));
        }
        cell.count();
        if let Some(start) = start {
            cell.sample(tempo, start);
        }
        drop(core);
        self.leave();
        Inline::Reply(reply)
    }

    /// The server has to end for `reason`, in order: `terminate` first.
    #[cold]
    pub(super) fn terminate(self, reason: ExitReason) {
        let cell = self.cell();
        let wake = self.running().terminate(reason);
        cell.obey(wake);
    }

    /// Lets the server loop handle a message, and leaves.
    pub(in crate::gen_server) fn run_message(self, message: Message<S>) {
        let cell = self.cell();
        let turn: turn::Turn = cell.body.handle_call(cell.any(), message);
        let wake = self.running().go_on(Turns::CALLER, turn);
        cell.obey(wake);
    }
}
