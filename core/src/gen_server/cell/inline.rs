//! A call inline: its caller has entered the idle server, and runs the handler itself.

use super::Body;
use super::Turn;
use super::core::Core;
use super::enter::Entered;
use super::instance::Instance;
use super::message::Mail;
use super::turns::Turns;
use crate::catch::catch_rare;
use crate::exit_reason::ExitReason;
use crate::gen_server::handler::HandlerCode;
use crate::gen_server::large::{ByPointer, ByValue};
use crate::gen_server::{GenServer, Request};
use crate::process::current;
use crate::reply::slot::Opened;
use crate::sync::lock;

/// What came of a call that was tried inline.
pub(crate) enum CallOutcome<R> {
    Reply(R),
    /// The server ends with it; a reply, if there is one, comes after that.
    Exiting(Option<R>),
    /// The handler waits; its reply comes to this slot.
    Waits(Opened<R>),
    /// It has to go through the queue. The request is where it was.
    Refused,
}

/// What came of running a handler.
enum Ran {
    /// The caller has left.
    Done,
    /// The server ends with it.
    Exiting,
}

/// What a server ends with whose handler crashed so, or asked for that stop.
fn reason_to_end(crashed: Option<Box<ExitReason>>, stop: Option<ExitReason>) -> Option<ExitReason> {
    crashed.map(|reason| *reason).or(stop)
}

impl<S: GenServer> Entered<'_, S> {
    /// Runs the handler of a request, and leaves.
    #[inline]
    pub(in crate::gen_server) fn answer<R: Request<S>>(
        self,
        request: &mut Option<R>,
    ) -> CallOutcome<R::Reply> {
        let mut reply = None;
        let ran = self.run_handler(R::HANDLER, &mut |instance| {
            let Some(asked) = request.take() else { return };
            if const { S::OPTIONS.last_message } {
                instance.last.describe(&asked.describe());
            }
            reply = Some(asked.handle(instance.state.get_mut(), &mut instance.cx));
        });
        match (ran, reply) {
            (Ran::Done, Some(reply)) => CallOutcome::Reply(reply),
            (Ran::Done, None) => CallOutcome::Refused,
            (Ran::Exiting, reply) => CallOutcome::Exiting(reply),
        }
    }

    /// Runs a handler as the server, and leaves. What need not know the request is out of line.
    #[inline(always)]
    fn run_handler(self, handler: HandlerCode, run: &mut dyn FnMut(&mut Instance<S>)) -> Ran {
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
            return Ran::Done;
        };
        let instance = instance.get_mut();
        cell.doing.begin(handler);
        let start = tempo.start_sample(&S::OPTIONS);
        let caught = {
            let _scope = current::enter(cell.pid());
            catch_rare(&mut || run(instance))
        };
        if caught.is_some() || instance.cx.has_asked() {
            drop(core);
            return self.go_on_after(caught);
        }
        cell.count();
        if let Some(start) = start {
            tempo.sample(&cell.state, start);
        }
        drop(core);
        self.leave();
        Ran::Done
    }

    /// The handler crashed, or asked for something.
    #[cold]
    #[inline(never)]
    fn go_on_after(self, crashed: Option<Box<ExitReason>>) -> Ran {
        self.cell().count();
        let stop = {
            let Core {
                instance, batch, ..
            } = &mut *lock(&self.cell().body.core);
            instance.as_mut().and_then(|instance| {
                let cell = self.cell().any();
                cell.take_asked(&mut instance.get_mut().cx.asked, batch)
            })
        };
        match reason_to_end(crashed, stop) {
            Some(reason) => {
                self.terminate(reason);
                Ran::Exiting
            }
            None => {
                if self.cell().state.snapshot().has_news() {
                    self.leave_to_task();
                } else {
                    self.leave();
                }
                Ran::Done
            }
        }
    }

    /// The server has to end for `reason`, in order: `terminate` first.
    #[cold]
    pub(super) fn terminate(self, reason: ExitReason) {
        let cell = self.cell();
        let wake = self.running().terminate(reason);
        cell.obey(wake);
    }

    /// Lets the server loop handle a message, and leaves.
    pub(in crate::gen_server) fn run_message(self, message: Mail<S>) {
        let cell = self.cell();
        let turn: Turn = if const { Body::<S>::BY_POINTER } {
            let message = Box::new(message);
            cell.body.handle_call::<ByPointer>(cell.any(), message)
        } else {
            cell.body.handle_call::<ByValue>(cell.any(), message)
        };
        let wake = self.running().go_on(Turns::CALLER, turn);
        cell.obey(wake);
    }
}
