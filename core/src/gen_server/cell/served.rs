//! What a request of `sys` does with a server whose type it knows.

use super::Body;
use super::core::Core;
use super::lane::Served;
use crate::gen_server::GenServer;
use crate::sync::lock;

impl Served<'_> {
    /// Gives the state to user code, which guards itself. `None`: it is not there, or not of this type.
    pub(in crate::gen_server) fn with_state<S: GenServer, R>(
        &self,
        act: impl FnOnce(&mut S) -> R,
    ) -> Option<R> {
        self.with_core(|core: &mut Core<S>| {
            let instance = core.instance.as_mut()?.get_mut();
            Some(act(instance.state.get_mut()))
        })
    }

    fn with_core<S: GenServer, R>(&self, act: impl FnOnce(&mut Core<S>) -> Option<R>) -> Option<R> {
        let body = self.body.downcast_ref::<Body<S>>()?;
        act(&mut lock(&body.core))
    }

    /// The state as text, where it has `Debug`.
    pub(in crate::gen_server) fn shown_state<S: GenServer>(&self) -> Option<String> {
        self.with_core(|core: &mut Core<S>| core.instance.as_ref()?.get().shown(None).state)
    }

    /// Messages wait from here on until the server resumes. Says how much of what was taken out of the mailbox is left, and lets
    /// senders in if there is room.
    pub(in crate::gen_server) fn suspend<S: GenServer>(&mut self) {
        self.suspended = true;
        if let Some(body) = self.body.downcast_ref::<Body<S>>() {
            body.mailbox
                .flush(Body::<S>::BOUND, &mut lock(&body.core).batch);
        }
    }
}
