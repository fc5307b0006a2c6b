//! What clients ask of supervisors, and what must be true of the answers.

use suptree::{
    CallError, ChildCounts, ChildId, ChildInfo, ChildState, DynamicSupervisorRef, ExitReason,
    ProcessRef, Restart, StartChildError, SupervisorRef, exit, process_info, sim,
};

use crate::lives;
use crate::restarts;
use crate::rng::Rng;
use crate::sending::give_up;
use crate::story;
use crate::tree::{Pool, Tree};
use crate::worker::{WorkArgs, Worker};
use crate::world::{self, fault, with};

fn pool(rng: &mut Rng) -> Option<Pool> {
    let root = story::root()?;
    let branch = root.branch.as_ref().map(|branch| branch.pool.clone());
    if rng.permille(500) {
        branch.or(Some(root.pool.clone()))
    } else {
        Some(root.pool.clone())
    }
}

pub(crate) async fn start_pooled(rng: &mut Rng) {
    let Some(pool) = pool(rng) else {
        return;
    };
    let seat = restarts::seat(Restart::Permanent);
    let name = rng
        .permille(100)
        .then(|| rng.below(u64::from(lives::NAMES)) as u32);
    let starting = pool.children.start_child(WorkArgs {
        seat,
        name,
        position: None,
    });
    let started = if rng.permille(200) {
        fault();
        give_up(std::pin::pin!(starting), rng.below(3)).await
    } else {
        Some(starting.await)
    };
    match started {
        Some(Ok(child)) => story::add_target(200 + rng.below(8), child.into()),
        Some(Err(StartChildError::Start(_))) => {
            let half = with(|world| {
                world
                    .restarts
                    .last(seat)
                    .filter(|pid| world.lives.living.contains_key(pid))
            });
            if let Some(pid) = half {
                world::fail(|| {
                    format!("R28: {pid} was not started, its supervisor says, but it is there")
                });
            }
        }
        Some(Err(error)) => world::record(u64::from(error == StartChildError::MaxChildren)),
        None => {}
    }
}

pub(crate) async fn terminate_pooled(rng: &mut Rng) {
    let Some(pool) = pool(rng) else {
        return;
    };
    let Some(pid) = lives::any(rng.next()) else {
        return;
    };
    fault();
    let before = process_info(pid).and_then(|info| info.parent);
    let terminated = pool.children.terminate_child(pid).await;
    if terminated.is_ok() && process_info(pid).is_some() {
        world::fail(|| format!("{pid} was terminated, but is there (its parent was {before:?})"));
    }
    world::record(u64::from(terminated.is_ok()));
}

pub(crate) async fn ask(rng: &mut Rng) {
    let Some(root) = story::root() else {
        return;
    };
    let supervisor = any(&root, rng);
    let pid = supervisor.process().pid();
    if rng.permille(500) {
        let counted = supervisor.count_children().await;
        world::record(counted.map_or(99, |counts| counts.active as u64));
        return;
    }
    if let Ok(children) = supervisor.which_children().await {
        let mut pids: Vec<_> = children.iter().filter_map(ChildInfo::pid).collect();
        pids.sort_unstable();
        let count = pids.len();
        pids.dedup();
        if pids.len() != count {
            world::fail(|| format!("a child of {pid:?} is there twice: {children:?}"));
        }
    }
}

/// A supervisor, of either kind.
enum Any {
    Fixed(SupervisorRef),
    Dynamic(DynamicSupervisorRef<Worker<0>>),
}

impl Any {
    fn process(&self) -> ProcessRef {
        match self {
            Self::Fixed(supervisor) => supervisor.process(),
            Self::Dynamic(supervisor) => supervisor.process(),
        }
    }

    async fn count_children(&self) -> Result<ChildCounts, CallError> {
        match self {
            Self::Fixed(supervisor) => supervisor.count_children().await,
            Self::Dynamic(supervisor) => supervisor.count_children().await,
        }
    }

    async fn which_children(&self) -> Result<Vec<ChildInfo>, CallError> {
        match self {
            Self::Fixed(supervisor) => supervisor.which_children().await,
            Self::Dynamic(supervisor) => supervisor.which_children().await,
        }
    }
}

fn any(root: &Tree<0>, rng: &mut Rng) -> Any {
    let branch = root.branch.as_ref();
    match (rng.below(4), branch) {
        (0, Some(branch)) => Any::Fixed(suptree::Supervisor::supervisor(&**branch).clone()),
        (1, Some(branch)) => Any::Dynamic(branch.pool.children.clone()),
        (2, _) => Any::Dynamic(root.pool.children.clone()),
        _ => Any::Fixed(suptree::Supervisor::supervisor(root).clone()),
    }
}

/// Adds a child to a static supervisor, or takes one out.
pub(crate) async fn add_child(rng: &mut Rng) {
    let Some(root) = story::root() else {
        return;
    };
    let kind = rng.below(6);
    let id = ChildId::new(kind);
    if rng.permille(400) {
        fault();
        let supervisor = suptree::Supervisor::supervisor(&root);
        let child = (supervisor.pid().unwrap_or_else(lives::nobody), kind as u32);
        lives::unwanted(child, true);
        let terminated = supervisor.terminate_child(id).await;
        lives::unwanted(child, false);
        world::record(u64::from(terminated.is_ok()));
        return;
    }
    let started = match root.branch.as_ref().filter(|_| rng.permille(500)) {
        Some(branch) => {
            let spec = branch.kid(kind, id, None);
            suptree::Supervisor::supervisor(&**branch)
                .start_child(spec)
                .await
        }
        None => {
            suptree::Supervisor::supervisor(&root)
                .start_child(root.kid(kind, id, None))
                .await
        }
    };
    world::record(u64::from(started.is_ok()));
}

/// Kills a supervisor, or sends it an exit signal that it has to ignore.
pub(crate) fn kill(rng: &mut Rng) {
    let Some(root) = story::root() else {
        return;
    };
    let supervisor = any(&root, rng).process();
    let Some(pid) = supervisor.pid() else {
        return;
    };
    fault();
    if rng.permille(300) {
        exit(pid, ExitReason::Shutdown);
        return;
    }
    supervisor.kill();
    // R36: by the time its death is announced, it has left nobody behind.
    let down = suptree::monitor(pid);
    story::watch(async move {
        let down = down.await;
        world::record(u64::from(down.reason == ExitReason::Killed));
        lives::told(down.pid, &down.reason, "a monitor of a supervisor");
        lives::check();
    });
}

/// With nothing going on any more: every child that is said to run does, and every permanent one is said to.
pub(crate) async fn check_children(
    supervisor: ProcessRef,
    asked: impl Future<Output = Result<Vec<ChildInfo>, CallError>>,
    what: &str,
) {
    let Some(pid) = supervisor.pid() else {
        return;
    };
    // A supervisor that waits for an `init` that takes for ever does not answer.
    let Some(Ok(children)) = give_up(std::pin::pin!(asked), 200).await else {
        return;
    };
    sim::yield_now().await;
    for child in children {
        match child.state {
            ChildState::Running(child) if process_info(child).is_none() => {
                world::fail(|| {
                    format!("O2: {what} {pid} takes {child} for running, which is gone")
                });
            }
            _ => {}
        }
    }
}
