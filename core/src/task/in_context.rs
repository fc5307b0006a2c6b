//! Tasks of a server, by its context.

use std::future::Future;

use super::handle::Task;
use crate::gen_server::{Context, GenServer};
use crate::process::Tie;

impl<S: GenServer> Context<S> {
    /// Starts work beside this server, linked with it: it ends when the server ends abnormally, and the server when it crashes. Like
    /// [`Task::spawn`] in a handler.
    ///
    /// An `Err` that the work gives is a value for whoever awaits it, and no crash. A loop that nobody awaits, and that must not end
    /// unnoticed, is started by [`Task::start_link`]: its `Err` ends the server.
    ///
    /// ```
    /// use suptree::prelude::*;
    /// use suptree::{Task, TaskError};
    ///
    /// #[derive(Default)]
    /// struct Index(Option<Task<usize>>);
    ///
    /// #[genserver]
    /// impl Index {
    ///     #[call]
    ///     fn count(&mut self, text: String, cx: &mut Context<Self>) {
    ///         self.0 = Some(cx.spawn_linked(async move { text.split(' ').count() }));
    ///     }
    ///
    ///     #[call]
    ///     async fn words(&mut self) -> Option<usize> {
    ///         let counted = self.0.take()?.await;
    ///         counted.ok()
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let index = Index::start().await?;
    /// index.count("one two three").await?;
    /// assert_eq!(index.words().await?, Some(3));
    /// # Ok(()) }
    /// ```
    pub fn spawn_linked<T, F>(&self, future: F) -> Task<T>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        Task::spawned(future, Tie::Linked(self.pid()))
    }

    /// Starts work beside this server, without a link: its crash is an error where the [`Task`] is awaited, and does the server no harm. The server's
    /// end does not end it. Like [`Task::spawn_nolink`], and Elixir's `Task.Supervisor.async_nolink` in a server.
    ///
    /// In a server with `#[down]` its end arrives there, whatever it has ended of, as that of a process that the server
    /// [monitors](Self::monitor): unless its outcome was taken before that, by `.await` or otherwise. So what is dropped, or kept to be
    /// looked at later, is heard of. Which work it was says [`Task::monitor_ref`].
    ///
    /// ```
    /// use suptree::prelude::*;
    /// use suptree::TaskError;
    ///
    /// #[derive(Default)]
    /// struct Careful;
    ///
    /// #[genserver]
    /// impl Careful {
    ///     #[call]
    ///     async fn divide(&self, a: u32, b: u32, cx: &mut Context<Self>) -> Result<u32, TaskError> {
    ///         cx.spawn_monitored(async move { a / b }).await
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let careful = Careful::start().await?;
    /// assert_eq!(careful.divide(6, 2).await?, Ok(3));
    /// assert!(careful.divide(6, 0).await?.is_err());
    /// assert!(careful.is_alive());
    /// # Ok(()) }
    /// ```
    pub fn spawn_monitored<T, F>(&self, future: F) -> Task<T>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let hears = S::HEARS.down.then(|| self.any_process());
        Task::spawned_for(future, Tie::None, hears)
    }
}
