//! Answering in place: the caller is inside of the idle server, and runs the handler itself.

use std::sync::Arc;

use crate::catch::catch;
use crate::exit_reason::ExitReason;
use crate::gen_server::cell::Cell;
use crate::gen_server::cell::core::Inside;
use crate::gen_server::cell::last_message::Kind;
use crate::gen_server::cell::mailbox::Message;
use crate::gen_server::{Described, GenServer, Request};
use crate::process::current;
use crate::sync::lock;

/// What came of a call that was tried in place.
pub(in crate::gen_server) enum Answered<R, M> {
    Reply(R),
    /// The server ends with it; a reply, if there is one, comes after that.
    Parting(Option<R>),
    Cannot(M),
}

impl<S: GenServer> Cell<S> {
    /// Runs the handler in place. The one who calls is inside, and goes out.
    #[inline]
    pub(in crate::gen_server) fn answer<R: Request<S>>(
        self: &Arc<Self>,
        request: R,
    ) -> Answered<R::Reply, R> {
        let mut inside = lock(&self.inside);
        let Inside {
            home: Some(home),
            tempo,
            ..
        } = &mut *inside
        else {
            drop(inside);
            self.go_out();
            return Answered::Cannot(request);
        };
        let start = self.start_sample(tempo);
        if S::OPTIONS.last_message {
            home.last.set::<S>(Kind::Call, || request.describe());
        }
        let answered = {
            let _scope = current::enter(self.pid());
            catch(|| request.handle(home.state.get_mut(), &mut home.cx))
        };
        match answered {
            Ok(Ok(reply)) if !home.cx.is_stopping() => {
                self.count();
                if let Some(start) = start {
                    self.sample(tempo, start);
                }
                drop(inside);
                self.go_out();
                Answered::Reply(reply)
            }
            Ok(Err(request)) => {
                drop(inside);
                self.go_out();
                Answered::Cannot(request)
            }
            Ok(Ok(reply)) => {
                let reason = home.cx.take_stop();
                drop(inside);
                self.part(reason.unwrap_or(ExitReason::Normal));
                Answered::Parting(Some(reply))
            }
            Err(reason) => {
                if !S::OPTIONS.last_message {
                    home.last.set::<S>(Kind::Call, || Described::new(R::NAME));
                }
                drop(inside);
                self.part(reason);
                Answered::Parting(None)
            }
        }
    }

    /// Lets the server loop handle a call in place. The one who calls is inside, and goes out.
    #[inline]
    pub(in crate::gen_server) fn drive(self: &Arc<Self>, call: Message<S>) {
        self.run_call(call);
    }
}
