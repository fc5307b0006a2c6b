//! A child: it ends as it is told, and the world is told of its start and of its end in order.

use std::time::Duration;

use suptree::{
    Child, ChildId, ChildSpec, Context, ExitReason, GenServer, Ignore, NoMessage, Pid, Restart,
    ServerOptions, ServerRef, Shutdown, sim,
};

use super::world::{self, Life, Role};
use crate::scenario::{Id, Kind, Outcome, Reason, Spec, Worker};
use crate::words;

/// What the child is told to do: `None`, to panic.
pub(super) struct End(pub(super) Option<Reason>);

pub(super) struct Probe<const TRAPS: bool> {
    id: Id,
    life: Life,
}

/// Who it is. `None`: a child that holds its supervisor up, and does not start.
#[derive(Clone, Copy)]
pub(super) struct Who(Option<Id>);

impl<const TRAPS: bool> GenServer for Probe<TRAPS> {
    type Args = Who;
    type Call = NoMessage;
    type Cast = End;
    type Info = NoMessage;
    type Client = ServerRef<Self>;

    const OPTIONS: ServerOptions = ServerOptions::new().trap_exit(TRAPS).graceful(TRAPS);

    async fn init(who: Who, cx: &mut Context<Self>) -> Result<Self, ExitReason> {
        let Some(id) = who.0 else {
            while !world::with(|world| world.gate) {
                sim::sleep(Duration::from_micros(100)).await;
            }
            return Err("held".into());
        };
        match world::start(Role::Worker, id) {
            (name, Outcome::Ok) => {
                let client = cx.server();
                world::with(|world| {
                    let tell = move |end: End| {
                        let client = client.clone();
                        drop(sim::spawn(async move { client.cast(end).await }));
                    };
                    world.clients.insert(id, Box::new(tell));
                });
                Ok(Self {
                    id,
                    life: Life::new(cx.pid(), name),
                })
            }
            (_, Outcome::Fail) => Err(words::BOOM.into()),
            (_, Outcome::Panic) => std::panic::resume_unwind(Box::new(words::BOOM)),
            (_, Outcome::Ignore) => Err(Ignore.into()),
        }
    }

    async fn handle_cast(&mut self, end: End, cx: &mut Context<Self>) -> Result<(), ExitReason> {
        match end.0 {
            Some(reason) => cx.stop(words::exit_reason(reason)),
            None => std::panic::resume_unwind(Box::new(words::BOOM)),
        }
        Ok(())
    }

    /// A trapped exit of somebody else.
    async fn handle_exit(
        &mut self,
        _from: Pid,
        _reason: ExitReason,
        _cx: &mut Context<Self>,
    ) -> Result<(), ExitReason> {
        Ok(())
    }

    async fn terminate(&mut self, reason: &ExitReason, _cx: &mut Context<Self>) {
        if TRAPS {
            self.life.bye(reason);
            while world::with(|world| world.lingers == Some(self.id)) {
                sim::sleep(Duration::from_micros(100)).await;
            }
        }
    }
}

/// The specification of a worker, which is not significant yet.
pub(super) fn spec(id: Id, restart: Restart, worker: Worker) -> ChildSpec {
    let (name, who) = (words::id(id), Who(Some(id)));
    let spec = if worker.traps {
        ChildSpec::new::<Probe<true>>(name, move || who)
    } else {
        ChildSpec::new::<Probe<false>>(name, move || who)
    };
    let spec = spec.restart(restart);
    if worker.brutal_kill {
        spec.shutdown(Shutdown::BrutalKill)
    } else {
        spec
    }
}

/// One that holds its supervisor up.
pub(super) fn held() -> ChildSpec {
    ChildSpec::new::<Probe<false>>("held", || Who(None)).restart(Restart::Temporary)
}

/// A dynamic child.
pub(super) struct Dynamic;

/// `None`: one that holds its supervisor up.
#[derive(Clone)]
pub(super) struct DynamicArgs {
    pub(super) id: Option<Id>,
    pub(super) supervisor: Spec,
}

impl suptree::OnDemand for Dynamic {
    type Given = suptree::Cloned;
}

impl Child for Dynamic {
    type Args = DynamicArgs;
    type Handle = ();

    fn vacant() {}

    fn child_spec((): &(), _id: impl Into<ChildId>, args: DynamicArgs) -> ChildSpec {
        match (args.id, args.supervisor.kind) {
            (
                Some(id),
                Kind::Dynamic {
                    restart, worker, ..
                },
            ) => spec(id, restart, worker),
            _ => held(),
        }
    }
}
