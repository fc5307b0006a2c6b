//! Handlers that block: they run in a thread of the runtime's pool for such work, with the server in their hands.
//!
//! Who runs the server hands on the right to run it, with the instance and the message. So `RUNNING` stays set: nothing else is
//! handled, what is sent waits, and signals are seen to when the handler returns, as for one that blocks its worker. The thread leaves
//! the server to its task.

use super::core::Core;
use super::handling::Blocks;
use super::instance::{Instance, Kept};
use super::message::Mail;
use super::run::Running;
use super::{Body, Cell, Turn};
use crate::catch::catch_dyn;
use crate::exit_reason::ExitReason;
use crate::gen_server::GenServer;
use crate::gen_server::large::Carry;
use crate::guard::discard;
use crate::process::{current, runtime_gone};
use crate::sync::{Arc, lock};

/// Dropped before it has run, the runtime is shutting down, and the server ends with it.
struct Blocking<S: GenServer, C: Carry> {
    cell: Arc<Cell<S>>,
    /// Until it has run.
    job: Option<Job<S, C>>,
}

type Job<S, C> = (Box<Instance<S>>, <C as Carry>::Message<Mail<S>>);

impl<S: GenServer> Body<S> {
    /// Takes the instance out for the thread that is to handle this message.
    #[cold]
    #[inline(never)]
    pub(super) fn block<C: Carry>(&self, core: &mut Core<S>, message: C::Message<Mail<S>>) -> Turn {
        self.mailbox.flush(Self::BOUND, &mut core.batch);
        let Some(instance) = core.instance.take().map(Kept::take) else {
            return Turn::Idle;
        };
        match instance.cx.process().downcast() {
            Ok(cell) => Turn::Blocks(Box::new(Blocking::<S, C> {
                cell,
                job: Some((instance, message)),
            })),
            Err(_) => unreachable!("a context leads to its own server"),
        }
    }
}

impl<S: GenServer, C: Carry> Blocks for Blocking<S, C> {
    fn run(mut self: Box<Self>) {
        // It may have waited for a thread, and died meanwhile: a kill comes before the message.
        if let Some(reason) = self.cell.any().heed_signals() {
            return self.give_up(&reason);
        }
        let Some((mut instance, message)) = self.job.take() else {
            return;
        };
        let mut handled = Ok(());
        let caught = {
            let _scope = current::enter(self.cell.pid());
            let mut message = Some(message);
            let cell = self.cell.any();
            catch_dyn(&mut || {
                if let Some(message) = message.take() {
                    let Instance { state, cx, .. } = &mut *instance;
                    handled = C::unpack(message).handle_now(cell, state.get_mut(), cx);
                }
            })
        };
        self.cell.put_back(instance, caught.and(handled));
        let wake = Running::by_entering(self.cell.any()).leave_blocked();
        self.cell.obey(wake);
    }
}

impl<S: GenServer> Cell<S> {
    /// The handler is done that had the instance in another thread.
    fn put_back(&self, instance: Box<Instance<S>>, handled: Result<(), ExitReason>) {
        let core = &mut *lock(&self.body.core);
        let instance = core.instance.insert(Kept::new(instance)).get_mut();
        self.count();
        let stop = self
            .any()
            .take_asked(&mut instance.cx.asked, &mut core.batch);
        if let Some(reason) = handled.err().or(stop) {
            core.terminates.set(self.pid(), reason);
        }
    }
}

impl<S: GenServer, C: Carry> Blocking<S, C> {
    /// The server ends without having handled the message, unless it has.
    fn give_up(&mut self, reason: &ExitReason) {
        let Some((instance, message)) = self.job.take() else {
            return;
        };
        {
            let _scope = current::enter(self.cell.pid());
            discard(message);
        }
        lock(&self.cell.body.core).instance = Some(Kept::new(instance));
        Running::by_entering(self.cell.any()).exit(reason, false);
    }
}

impl<S: GenServer, C: Carry> Drop for Blocking<S, C> {
    fn drop(&mut self) {
        self.give_up(&runtime_gone());
    }
}
