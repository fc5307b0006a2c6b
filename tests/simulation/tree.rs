//! The tree: a root with workers, a branch with workers, and a pool in each of them.

use suptree::{
    AutoShutdown, Child, ChildId, ChildSpec, DynamicSupervisor, DynamicSupervisorRef,
    DynamicSupervisorSpec, ExitReason, Pid, Restart, Shutdown, Strategy, Supervisor, SupervisorRef,
    SupervisorSpec, process_info, self_pid, sim,
};

use crate::restarts;
use crate::targets::Kids;
use crate::worker::{WorkArgs, Worker};
use crate::world::{millis, with};

/// A static supervisor: level 0 is the root, 1 the branch.
#[derive(Clone, Debug)]
pub(crate) struct Tree<const LEVEL: u8> {
    supervisor: SupervisorRef,
    pub(crate) kids: Kids,
    pub(crate) pool: Pool,
    /// The branch's handles; in a branch, of nobody.
    pub(crate) branch: Option<Box<Tree<1>>>,
}

/// Arguments of a tree. A supervisor clones them for each start.
pub(crate) struct TreeArgs {
    pub(crate) seat: u32,
}

impl Clone for TreeArgs {
    fn clone(&self) -> Self {
        restarts::attempt(self.seat, self_pid());
        Self { seat: self.seat }
    }
}

/// How many kinds of workers there are.
const KINDS: u64 = 6;

impl<const LEVEL: u8> Child for Tree<LEVEL> {
    type Args = TreeArgs;
    type Handle = Self;

    fn vacant() -> Self {
        Self {
            supervisor: SupervisorRef::vacant(),
            kids: Kids::vacant(),
            pool: Pool::vacant(),
            branch: (LEVEL == 0).then(|| Box::new(Tree::<1>::vacant())),
        }
    }

    fn child_spec(handle: &Self, id: impl Into<ChildId>, args: TreeArgs) -> ChildSpec {
        handle.as_child(id, args)
    }
}

impl<const LEVEL: u8> Supervisor for Tree<LEVEL> {
    fn name() -> Option<suptree::Name> {
        (LEVEL == 1).then(|| suptree::Name::from_static("branch"))
    }

    fn supervisor(&self) -> &SupervisorRef {
        &self.supervisor
    }

    fn init(&self, args: TreeArgs) -> SupervisorSpec {
        let (max, seconds, kids, branch, strategy, auto_shutdown) = with(|world| {
            let options = &world.options;
            let kids = if LEVEL == 0 {
                options.root_kids
            } else {
                options.branch_kids
            };
            (
                options.max_restarts,
                options.max_seconds,
                kids,
                options.branch && LEVEL == 0,
                options.strategies[usize::from(LEVEL)],
                options.auto_shutdown,
            )
        });
        let me = self_pid();
        if LEVEL == 1 {
            with(|world| world.restarts.begun(args.seat, me));
        }
        restarts::supervisor(me, max, seconds, strategy, auto_shutdown);
        let mut spec = SupervisorSpec::new(strategy)
            .auto_shutdown(auto_shutdown)
            .max_restarts(max)
            .max_seconds(seconds);
        for kind in (0..KINDS).filter(|kind| kids >> kind & 1 == 1) {
            spec = spec.child(self.kid(kind, id(kind), Some(kind as u32)));
        }
        let pool = self.pool.as_child("pool", ());
        spec = spec.child(pool.shutdown(supervisor_shutdown()));
        match &self.branch {
            Some(handle) if branch => {
                let seat = restarts::seat(Restart::Permanent);
                let branch = handle.as_child("branch", TreeArgs { seat });
                spec.child(branch.shutdown(supervisor_shutdown()))
            }
            _ => spec,
        }
    }
}

fn id(kind: u64) -> ChildId {
    ChildId::new(kind)
}

impl<const LEVEL: u8> Tree<LEVEL> {
    /// A worker as a child, at its place, with options drawn.
    pub(crate) fn kid(
        &self,
        kind: u64,
        id: impl Into<ChildId>,
        position: Option<u32>,
    ) -> ChildSpec {
        let (restart, shutdown, name) = draw_child();
        let significant = restart != Restart::Permanent
            && with(|world| {
                world.options.auto_shutdown != AutoShutdown::Never && world.rng.permille(300)
            });
        let args = WorkArgs {
            seat: restarts::seat(restart),
            name,
            position,
        };
        self.kids
            .spec(kind, id, args)
            .restart(restart)
            .shutdown(shutdown)
            .significant(significant)
    }
}

/// Restart type, shutdown and name of a child.
fn draw_child() -> (Restart, Shutdown, Option<u32>) {
    with(|world| {
        let rng = &mut world.rng;
        let restart = rng.pick(&[
            Restart::Permanent,
            Restart::Permanent,
            Restart::Transient,
            Restart::Temporary,
        ]);
        let shutdown = rng.pick(&[
            Shutdown::Timeout(millis(5000)),
            Shutdown::Timeout(millis(20)),
            Shutdown::BrutalKill,
            // A graceful child in a handler that waits for ever is waited for as long.
            if world.options.forever == 0 {
                Shutdown::Infinity
            } else {
                Shutdown::Timeout(millis(300))
            },
        ]);
        let name = rng
            .permille(world.options.named)
            .then(|| rng.below(u64::from(crate::lives::NAMES)) as u32);
        (restart, shutdown, name)
    })
}

/// Mostly what a supervisor should have.
fn supervisor_shutdown() -> Shutdown {
    with(|world| match world.rng.below(4) {
        0 if world.options.short_shutdowns => Shutdown::Timeout(millis(20)),
        1 if world.options.short_shutdowns => Shutdown::BrutalKill,
        _ => Shutdown::Infinity,
    })
}

/// A dynamic supervisor.
#[derive(Clone, Debug)]
pub(crate) struct Pool {
    seat: u32,
    pub(crate) children: DynamicSupervisorRef<Worker<0>>,
}

impl Child for Pool {
    type Args = ();
    type Handle = Self;

    fn vacant() -> Self {
        Self {
            seat: restarts::seat(Restart::Permanent),
            children: DynamicSupervisorRef::vacant(),
        }
    }

    fn child_spec(handle: &Self, id: impl Into<ChildId>, (): ()) -> ChildSpec {
        handle.as_child(id, ())
    }
}

impl DynamicSupervisor for Pool {
    type Child = Worker<0>;

    fn supervisor(&self) -> &DynamicSupervisorRef<Worker<0>> {
        &self.children
    }

    fn init(&self, (): ()) -> DynamicSupervisorSpec {
        let (max, seconds) = with(|world| (world.options.max_restarts, world.options.max_seconds));
        let me = self_pid();
        if let Some(parent) = process_info(me).and_then(|info| info.parent) {
            restarts::attempt(self.seat, parent);
        }
        with(|world| world.restarts.begun(self.seat, me));
        restarts::supervisor(me, max, seconds, Strategy::OneForOne, AutoShutdown::Never);
        DynamicSupervisorSpec::new()
            .max_restarts(max)
            .max_seconds(seconds)
            .max_children(8)
    }
}

/// Asks the supervisor of `pid`, whichever it is, to terminate it: as the article's handler does.
pub(crate) async fn terminate(pid: Pid) {
    let Some(root) = crate::story::root() else {
        return;
    };
    let parent = process_info(pid).and_then(|info| info.parent);
    let branch = root.branch.as_ref().map(|branch| &branch.pool);
    for pool in [Some(&root.pool), branch].into_iter().flatten() {
        if parent.is_some() && pool.children.pid() == parent {
            let terminated = pool.children.terminate_child(pid).await;
            crate::world::record(u64::from(terminated.is_ok()));
        }
    }
    sim::yield_now().await;
}

/// Reasons to stop a tree with that a supervisor never ends with by itself.
pub(crate) fn asked() -> ExitReason {
    ExitReason::ShutdownWith("asked".into())
}
