//! `AgentSpec`: what an agent is started with.

use std::fmt;
use std::sync::Arc;

use crate::agent::{Agent, AgentClient};
use crate::arg::IntoArg;
use crate::gen_server::start::{start, start_link};
use crate::guard::Guarded;
use crate::process::name::Name;
use crate::starting::Start;
use crate::supervisor::child_spec::ChildSpec;
use crate::sync::{Mutex, lock};

/// What an [`Agent`] is started with: what makes its first value, and a name.
///
/// ```
/// use suptree::{Agent, AgentSpec};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// AgentSpec::new(|| 7_u64).name("seven").start_link().await?;
/// assert_eq!(Agent::<u64>::named("seven").get(|seven| *seven).await?, 7);
/// # Ok(()) }
/// ```
#[must_use = "a specification does nothing unless an agent is started with it"]
pub struct AgentSpec<T> {
    /// What it captures is dropped with the last copy.
    first: Arc<Guarded<First<T>>>,
    name: Option<Name>,
}

type First<T> = Box<dyn Fn() -> T + Send + Sync>;

impl<T: Send + 'static> AgentSpec<T> {
    /// An agent that begins with what `first` gives, at each start. It has no name.
    pub fn new(first: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self {
            first: Arc::new(Guarded::new(Box::new(first))),
            name: None,
        }
    }

    /// Of an agent that is started once.
    pub(super) fn once(first: impl FnOnce() -> T + Send + 'static) -> Self {
        let first = Mutex::new(Some(Guarded::new(first)));
        Self::new(move || {
            let first = lock(&first).take();
            let first = first.expect("an agent without a supervisor is started once");
            first.into_inner()()
        })
    }

    /// Registers it under this name.
    pub fn name(mut self, name: impl Into<Name>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Starts the agent, linked to the process this is called from: like [`Agent::start_link`].
    ///
    /// # Errors
    ///
    /// Those of [`Start`].
    pub fn start_link(self) -> Start<AgentClient<T>> {
        start_link::<Agent<T>>(self)
    }

    /// Starts the agent, linked to nobody: like [`Agent::start`].
    ///
    /// ```
    /// use suptree::prelude::*;
    /// use suptree::AgentSpec;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let spec = AgentSpec::new(|| 7_u64).name("seven");
    /// let seven = spec.clone().start().await?;
    /// let pid = seven.pid().expect("it lives");
    /// assert_eq!(spec.start().await.unwrap_err(), StartError::AlreadyStarted(pid));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Start`].
    pub fn start(self) -> Start<AgentClient<T>> {
        start::<Agent<T>>(self)
    }

    /// How a supervisor starts, restarts and stops the agent: as `"agent"`, permanently.
    ///
    /// ```
    /// use suptree::AgentSpec;
    ///
    /// let spec = AgentSpec::new(|| 7_u64).name("seven").child_spec();
    /// assert_eq!(spec.id(), &"agent".into());
    /// ```
    pub fn child_spec(self) -> ChildSpec {
        ChildSpec::new::<Agent<T>>("agent", move || self.clone())
    }

    pub(super) const fn name_of(&self) -> Option<&Name> {
        self.name.as_ref()
    }

    /// The first value. Runs user code.
    pub(super) fn first(&self) -> T {
        self.first.get()()
    }
}

/// Where the arguments of an agent are wanted: of a child in `supervisor!`, and of `start_child`.
impl<T: Send + 'static, F: Fn() -> T + Send + Sync + 'static> IntoArg<AgentSpec<T>> for F {
    fn into_arg(self) -> AgentSpec<T> {
        AgentSpec::new(self)
    }
}

impl<T> Clone for AgentSpec<T> {
    fn clone(&self) -> Self {
        Self {
            first: Arc::clone(&self.first),
            name: self.name.clone(),
        }
    }
}

impl<T> fmt::Debug for AgentSpec<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AgentSpec")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
