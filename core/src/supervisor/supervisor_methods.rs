//! What can be asked of any supervisor, for the references of a kind of its own: each holds a `SupervisorRef`, `supervisor`.

/// One list, so that all of them have the same. They have the methods of processes, too.
macro_rules! supervisor_methods {
    () => {
        /// Whether the tree is ready, all children that run or are to be restarted: see
        /// [`SupervisorRef::is_ready`](crate::SupervisorRef::is_ready).
        ///
        /// ```
        /// # use suptree::prelude::*;
        /// # #[derive(Default)] struct Room;
        /// # #[genserver] impl Room {}
        /// # supervisor! { Rooms { dynamic: Room } }
        /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
        /// let rooms = Rooms::start_link().await?;
        /// let room = rooms.start_child(()).await?;
        /// let end = room.monitor();
        /// room.kill();
        /// end.await; // it is not ready until the room is there again
        /// rooms.ready().await?; // `watch_readiness` follows it
        /// assert!(room.is_alive() && rooms.is_ready());
        /// assert!(rooms.watch_readiness().changed().await?);
        /// # Ok(()) }
        /// ```
        #[must_use]
        pub fn is_ready(&self) -> bool {
            self.supervisor.is_ready()
        }

        /// Waits until the tree is ready: see [`SupervisorRef::ready`](crate::SupervisorRef::ready).
        ///
        /// ```
        /// # use suptree::prelude::*;
        /// # #[derive(Default)] struct Room;
        /// # #[genserver] impl Room {}
        /// # supervisor! { Rooms { dynamic: Room } }
        /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
        /// let rooms = Rooms::start_link().await?;
        /// rooms.ready().await?;
        /// rooms.stop().await?;
        /// assert!(rooms.ready().await.is_err());
        /// # Ok(()) }
        /// ```
        ///
        /// # Errors
        ///
        /// There is no such supervisor, or it has ended, with this reason.
        pub fn ready(
            &self,
        ) -> impl Future<Output = Result<(), $crate::reply::CallError>> + Send + 'static {
            self.supervisor.ready()
        }

        /// Follows whether the tree is ready: see [`ReadinessWatch`](crate::ReadinessWatch).
        ///
        /// ```
        /// # use suptree::prelude::*;
        /// # #[derive(Default)] struct Room;
        /// # #[genserver] impl Room {}
        /// # supervisor! { Rooms { dynamic: Room } }
        /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
        /// let rooms = Rooms::start_link().await?;
        /// let mut readiness = rooms.watch_readiness();
        /// assert!(readiness.changed().await?);
        /// rooms.stop().await?;
        /// while let Ok(ready) = readiness.changed().await {
        ///     assert!(!ready); // it stops
        /// }
        /// # Ok(()) }
        /// ```
        #[must_use]
        pub fn watch_readiness(&self) -> $crate::supervisor::watch_readiness::ReadinessWatch {
            self.supervisor.watch_readiness()
        }

        /// The children, in start order, whatever their state.
        ///
        /// # Errors
        ///
        /// There is no such supervisor, or it ended before it answered.
        pub fn which_children(
            &self,
        ) -> impl Future<
            Output = Result<Vec<$crate::supervisor::request::ChildInfo>, $crate::reply::CallError>,
        > + Send
        + 'static {
            self.supervisor.which_children()
        }

        /// Counts the children.
        ///
        /// # Errors
        ///
        /// There is no such supervisor, or it ended before it answered.
        pub fn count_children(
            &self,
        ) -> impl Future<
            Output = Result<$crate::supervisor::request::ChildCounts, $crate::reply::CallError>,
        > + Send
        + 'static {
            self.supervisor.count_children()
        }

        /// The same reference, to a process of any type: for a list of processes of different types.
        #[must_use]
        pub fn process(&self) -> $crate::process::process_ref::ProcessRef {
            self.supervisor.process()
        }

        fn found(&self) -> Option<$crate::sync::Arc<dyn $crate::process::Process>> {
            self.supervisor.found()
        }

        fn untold(&self) -> Option<$crate::sync::Arc<dyn $crate::process::Process>> {
            self.supervisor.untold()
        }

        fn who_was_there(&self) -> $crate::process::pid::Pid {
            self.supervisor.who_was_there()
        }

        fn nobody(&self) -> $crate::process::address::Nobody {
            self.supervisor.nobody()
        }

        $crate::process::process_ref::process_methods!();
    };
}
pub(crate) use supervisor_methods;
