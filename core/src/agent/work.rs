//! What an agent has in its queue: closures, each in a box.

use std::any::Any;
use std::fmt;

use crate::exit_reason::ExitReason;
use crate::gen_server::dispatch::Dispatch;
use crate::gen_server::{Context, GenServer};

/// A closure on its way in the queue.
pub(super) trait Work<S: GenServer>: Send {
    fn run(self: Box<Self>, agent: &mut S, cx: &mut Context<S>);
    /// For its sender, who gets it back.
    fn into_any(self: Box<Self>) -> Box<dyn Any + Send>;
}

/// What an agent is asked or told, and the method that does so. Made by those of [`AgentClient`](crate::AgentClient) alone.
pub struct AgentMessage<S>(pub(super) Box<dyn Work<S>>, pub(super) Method);

/// A method of [`AgentClient`](crate::AgentClient), as [`Agent`](crate::Agent) lists them.
#[derive(Clone, Copy, Debug)]
pub(super) enum Method {
    Get,
    Update,
    Cast,
}

impl<S: GenServer> Dispatch<S> for AgentMessage<S> {
    fn handle_now(self, agent: &mut S, cx: &mut Context<S>) -> Result<(), ExitReason> {
        self.0.run(agent, cx);
        Ok(())
    }

    fn handler(&self) -> u32 {
        self.1 as u32
    }
}

impl<S> fmt::Debug for AgentMessage<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AgentMessage").field(&self.1).finish()
    }
}
