//! `AgentClient`: what can be done with an agent.

use std::fmt;
use std::ops::Deref;

use crate::agent::Agent;
use crate::agent::requests::{Get, Update, cast, uncast};
use crate::child::WhichChild;
use crate::gen_server::{Call, Cast, ServerRef};

/// The client of an [`Agent`]: it sends closures.
///
/// It has the methods of [`ServerRef`], too, behind `Deref`. Cloning is cheap, and dropping it does nothing to the agent.
///
/// ```
/// use std::collections::HashMap;
/// use std::time::Duration;
/// use suptree::prelude::*;
/// use suptree::Agent;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let ages = Agent::start_link(HashMap::new).await?;
/// ages.cast(|ages| drop(ages.insert("ana", 39))).await?;
/// ages.update(|ages| drop(ages.insert("leo", 7))).await?;
/// let ana = ages.get(|ages| ages.get("ana").copied());
/// assert_eq!(ana.timeout(Duration::from_secs(1)).await?, Some(39));
/// assert_eq!(ages.get_and_update(|ages| ages.remove("leo")).await?, Some(7));
///
/// let end = ages.monitor();
/// ages.stop().await?;
/// assert_eq!(end.await.reason, ExitReason::Normal);
/// # Ok(()) }
/// ```
pub struct AgentClient<T: Send + 'static> {
    server: ServerRef<Agent<T>>,
}

impl<T: Send + 'static> AgentClient<T> {
    /// Reads the value: gives what `get` makes of it. It runs in the agent, after what was sent before.
    ///
    /// A closure that goes through the queue costs one box; a caller who finds the agent idle runs it in place.
    ///
    /// # Errors
    ///
    /// Those of every [`Call`]. [`Exited`](crate::CallError::Exited) with the panic of `get`, or of one before it: it has ended the
    /// agent. A call that was not sent gives the closure back, by [`keep_args`](Call::keep_args).
    pub const fn get<R, F>(&self, get: F) -> Call<'_, R, Agent<T>, Get<F, R>>
    where
        R: Send + 'static,
        F: FnOnce(&T) -> R + Send + 'static,
    {
        self.server.call(Get::new(get))
    }

    /// Changes the value, and waits for that.
    ///
    /// # Errors
    ///
    /// Those of [`get`](Self::get).
    pub const fn update<F>(&self, update: F) -> Call<'_, (), Agent<T>, Update<F, ()>>
    where
        F: FnOnce(&mut T) + Send + 'static,
    {
        self.server.call(Update::new(update))
    }

    /// Changes the value, and gives what `update` returns: nobody comes in between.
    ///
    /// # Errors
    ///
    /// Those of [`get`](Self::get).
    pub const fn get_and_update<R, F>(&self, update: F) -> Call<'_, R, Agent<T>, Update<F, R>>
    where
        R: Send + 'static,
        F: FnOnce(&mut T) -> R + Send + 'static,
    {
        self.server.call(Update::new(update))
    }

    /// Changes the value, without waiting for that.
    ///
    /// # Errors
    ///
    /// Those of every [`Cast`]. A cast that was not sent gives the closure back, by [`keep_args`](Cast::keep_args).
    pub fn cast<F>(&self, update: F) -> Cast<'_, Agent<T>, F>
    where
        F: FnOnce(&mut T) + Send + 'static,
    {
        Cast::new(&self.server.address, cast(update), uncast)
    }
}

impl<T: Send + 'static> Deref for AgentClient<T> {
    type Target = ServerRef<Agent<T>>;

    fn deref(&self) -> &ServerRef<Agent<T>> {
        &self.server
    }
}

impl<T: Send + 'static> AsRef<ServerRef<Agent<T>>> for AgentClient<T> {
    fn as_ref(&self) -> &ServerRef<Agent<T>> {
        &self.server
    }
}

impl<T: Send + 'static> From<ServerRef<Agent<T>>> for AgentClient<T> {
    fn from(server: ServerRef<Agent<T>>) -> Self {
        Self { server }
    }
}

impl<T: Send + 'static> From<&AgentClient<T>> for WhichChild {
    fn from(agent: &AgentClient<T>) -> Self {
        Self::from(&agent.server)
    }
}

impl<T: Send + 'static> Clone for AgentClient<T> {
    fn clone(&self) -> Self {
        Self {
            server: self.server.clone(),
        }
    }
}

impl<T: Send + 'static> fmt::Debug for AgentClient<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AgentClient").field(&self.server).finish()
    }
}
