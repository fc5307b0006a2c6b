//! `Agent`: a value that lives in a process, read and changed by closures. Elixir's `Agent`.

mod spec;
mod work;
mod requests;
mod agent_client;

use std::fmt;

pub use self::agent_client::AgentClient;
pub use self::spec::AgentSpec;
use self::work::AgentMessage;
use crate::exit_reason::ExitReason;
use crate::gen_server::dispatch;
use crate::gen_server::handler::{Handler, HandlerCode};
use crate::gen_server::{Context, GenServer, Message, NoMessage, ServerRef};
use crate::process::name::{Name, NameKey};
use crate::starting::Start;
use crate::supervisor::child_spec::ChildSpec;
use crate::supervisor::child_spec::on_demand::{Cloned, OnDemand};

/// A server whose state is one value of any type, read and changed by closures that its clients send: Elixir's
/// [`Agent`](https://hexdocs.pm/elixir/Agent.html).
///
/// ```
/// use suptree::{Agent, AgentClient};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let hits: AgentClient<u64> = Agent::start_link(|| 0).await?;
/// hits.update(|hits| *hits += 1).await?;
/// assert_eq!(hits.get(|hits| *hits).await?, 1);
/// assert_eq!(hits.get_and_update(|hits| std::mem::take(hits)).await?, 1);
/// hits.stop().await?;
/// # Ok(()) }
/// ```
///
/// The closures run in the agent, one after the other: a long one keeps the others waiting, and one that panics ends the agent. What
/// they need they own.
///
/// It is a child of a supervisor like any server, permanent unless it is said otherwise, and begins again with its first value:
///
/// ```
/// use suptree::prelude::*;
/// use suptree::{Agent, AgentSpec};
///
/// supervisor! {
///     App(first: u64) {
///         strategy: one_for_one,
///         children: [
///             Agent<u64>(move || first) as hits,
///             Agent<Vec<String>>(AgentSpec::new(Vec::new).name("log")) as log,
///         ],
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = App::start_link(7).await?;
/// assert_eq!(app.hits().get(|hits| *hits).await?, 7);
/// let log = Agent::<Vec<String>>::named("log");
/// log.cast(|log| log.push("begun".to_owned())).await?;
/// assert_eq!(log.get(Vec::len).await?, 1);
/// # Ok(()) }
/// ```
///
/// A server of its own says more: its messages have names, which reports and readers see. Where a value is only shared, and nobody
/// needs to supervise it, a lock costs less.
pub struct Agent<T>(T);

impl<T: Send + 'static> Agent<T> {
    /// Starts an agent with what `first` gives, linked to the process this is called from. `.await` gives its client.
    ///
    /// Outside of a process there is nobody to link to. `first` runs in the agent, while its starter waits.
    ///
    /// # Errors
    ///
    /// Those of [`Start`]: [`StartError::Init`](crate::StartError::Init), where `first` panics.
    pub fn start_link(first: impl FnOnce() -> T + Send + 'static) -> Start<AgentClient<T>> {
        AgentSpec::once(first).start_link()
    }

    /// Like [`start_link`](Self::start_link), linked to nobody.
    ///
    /// ```
    /// use suptree::Agent;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let names = vec!["ana", "leo"];
    /// let names = Agent::start(move || names).await?;
    /// assert_eq!(names.get(|names| names[1]).await?, "leo");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Start`].
    pub fn start(first: impl FnOnce() -> T + Send + 'static) -> Start<AgentClient<T>> {
        AgentSpec::once(first).start()
    }

    /// How a supervisor starts, restarts and stops an agent: as `"agent"`, permanently. Each start begins with what `first` gives.
    ///
    /// ```
    /// use suptree::prelude::*;
    /// use suptree::Agent;
    ///
    /// supervisor! { App { strategy: one_for_one, children: [] } }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = App::start_link().await?;
    /// app.start_child(Agent::child_spec(|| 0_u64).with_id("hits")).await?;
    /// # Ok(()) }
    /// ```
    pub fn child_spec(first: impl Fn() -> T + Send + Sync + 'static) -> ChildSpec {
        AgentSpec::new(first).child_spec()
    }

    /// The client of the agent of this name, whichever process has it when it is used. A holder that is no agent of such a value
    /// counts as nobody.
    #[must_use]
    pub fn named(name: impl Into<Name>) -> AgentClient<T> {
        ServerRef::named(name.into()).into()
    }

    /// The client of the agent that has this name now: of this process, and no other.
    ///
    /// ```
    /// use suptree::{Agent, AgentSpec};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// AgentSpec::new(|| 7_u64).name("seven").start_link().await?;
    /// assert!(Agent::<u64>::whereis("seven").is_some());
    /// assert!(Agent::<String>::whereis("seven").is_none());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn whereis(name: &(impl NameKey + ?Sized)) -> Option<AgentClient<T>> {
        ServerRef::whereis(name).map(AgentClient::from)
    }
}

impl<T: Send + 'static> GenServer for Agent<T> {
    type Args = AgentSpec<T>;
    type Call = AgentMessage<Self>;
    type Cast = AgentMessage<Self>;
    type Info = NoMessage;
    type Client = AgentClient<T>;

    const HANDLERS: &'static [Handler] = &[
        Handler::named("get"),
        Handler::named("update"),
        Handler::named("cast"),
    ];

    // No closure waits.
    const WAITS: bool = false;

    fn name(spec: &AgentSpec<T>) -> Option<Name> {
        spec.name_of().cloned()
    }

    async fn init(spec: AgentSpec<T>, _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
        Ok(Self(spec.first()))
    }

    fn message_waits(message: &Message<Self>) -> bool {
        dispatch::message_waits(message)
    }

    fn handle_message_now(
        &mut self,
        message: Message<Self>,
        cx: &mut Context<Self>,
    ) -> Result<(), ExitReason> {
        dispatch::handle_message_now(self, message, cx)
    }

    fn message_handler(message: &Message<Self>) -> HandlerCode {
        dispatch::message_handler(message)
    }
}

impl<T> fmt::Debug for Agent<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Agent").finish_non_exhaustive()
    }
}

impl<T: Send + 'static> OnDemand for Agent<T> {
    type Given = Cloned;
}
