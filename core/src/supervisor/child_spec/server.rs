//! A server as a child. The one place where supervisors know what a server is.

use std::any::Any;
use std::mem::needs_drop;
use std::sync::Arc;

use crate::child::{ChildId, ChildType, Restart};
use crate::gen_server::start::start_supervised;
use crate::gen_server::{GenServer, ServerRef};
use crate::guard::Guarded;
use crate::start_error::StartError;
use crate::supervisor::child_spec::startable::{Child, Placed, StartOnce};
use crate::supervisor::child_spec::{ChildSpec, Options};

impl ChildSpec {
    /// A server whose arguments are made anew for each start: for arguments that cannot be cloned. A panic of `args` is a
    /// failed start.
    ///
    /// ```
    /// use suptree::prelude::*;
    /// use suptree::ChildSpec;
    /// use tokio::sync::mpsc;
    ///
    /// /// Reads from a channel, whose receiver is not `Clone`.
    /// struct Reader(mpsc::Receiver<u64>);
    ///
    /// #[genserver]
    /// impl Reader {
    ///     #[init]
    ///     fn init(channel: mpsc::Receiver<u64>) -> Self {
    ///         Self(channel)
    ///     }
    /// }
    ///
    /// supervisor! { App { strategy: one_for_one, children: [] } }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = App::start_link().await?;
    /// let reader = ChildSpec::new::<Reader>("reader", || mpsc::channel(8).1);
    /// app.start_child(reader).await?;
    /// assert_eq!(app.count_children().await?.active, 1);
    /// # Ok(()) }
    /// ```
    pub fn new<S: GenServer>(
        id: impl Into<ChildId>,
        args: impl FnMut() -> S::Args + Send + 'static,
    ) -> Self {
        Self::server::<S, _>(id.into(), args, None)
    }

    /// A server that typed handles lead to.
    fn server<S, F>(id: ChildId, mut args: F, at: Option<ServerRef<S>>) -> Self
    where
        S: GenServer,
        F: FnMut() -> S::Args + Send + 'static,
    {
        let plain = !needs_drop::<F>();
        let start = move |parent| {
            let args = Guarded::new(args());
            start_supervised::<S>(args, parent, at.as_ref())
        };
        Self::of::<S>(id, Box::new(start), options::<S>(S::OPTIONS.restart, plain))
    }

    /// A server that is started once, with these arguments: it is temporary, whatever its options say.
    fn once<S: GenServer>(id: ChildId, args: S::Args, at: ServerRef<S>) -> Self {
        let mut args = Some(Guarded::new(args));
        let start = move |parent| match args.take() {
            Some(args) => start_supervised::<S>(args, parent, Some(&at)),
            None => Err(StartError::Init(
                "its arguments were given once, and it has had them".into(),
            )),
        };
        let plain = !needs_drop::<S::Args>();
        Self::of::<S>(id, Box::new(start), options::<S>(Restart::Temporary, plain))
    }
}

const fn options<S: GenServer>(restart: Restart, plain: bool) -> Options {
    Options {
        restart,
        shutdown: S::OPTIONS.shutdown,
        child_type: ChildType::Worker,
        plain,
    }
}

#[diagnostic::do_not_recommend]
impl<S: GenServer> Child for S {
    type Args = S::Args;
    type Handle = S::Client;

    const RESTART: Option<Restart> = Some(S::OPTIONS.restart);

    fn vacant() -> S::Client {
        ServerRef::vacant().into()
    }

    fn child_spec(handle: &S::Client, id: impl Into<ChildId>, args: S::Args) -> ChildSpec
    where
        S::Args: Clone,
    {
        let at = handle.as_ref().clone();
        ChildSpec::server::<S, _>(id.into(), move || args.clone(), Some(at))
    }

    fn place_of(handle: &S::Client) -> Arc<dyn Any + Send + Sync> {
        match handle.as_ref().place() {
            Some(place) => Arc::clone(place) as _,
            None => Arc::new(Placed::<Self>(Guarded::new(handle.clone()))),
        }
    }

    fn handle_at(place: &Arc<dyn Any + Send + Sync>) -> Option<S::Client> {
        match ServerRef::at_place(place) {
            Some(server) => Some(server.into()),
            None => {
                let placed = place.downcast_ref::<Placed<Self>>();
                placed.map(|placed| placed.0.get().clone())
            }
        }
    }
}

impl<S: GenServer> StartOnce for S {
    fn once(handle: &S::Client, id: ChildId, args: S::Args) -> ChildSpec {
        ChildSpec::once::<S>(id, args, handle.as_ref().clone())
    }
}
