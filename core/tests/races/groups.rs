//! Groups: children that are restarted together, while others of them die, are asked for, or their supervisor ends.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use shuttle::future::block_on;
use suptree_core::checker::Timers;
use suptree_core::{
    AutoShutdown, Child, ChildId, ChildSpec, ChildState, ExitReason, Restart, ServerRef, Strategy,
    Supervisor, SupervisorRef, SupervisorSpec, start_link_supervisor,
};

use crate::harness::{Faults, client, join, run};
use crate::supervision::{Lives, Ward, all_gone};

/// How many children a group has.
const SIZE: usize = 3;

#[derive(Clone)]
struct Args {
    strategy: Strategy,
    auto_shutdown: AutoShutdown,
    max_restarts: u32,
    lives: Arc<Lives>,
}

/// A supervisor of wards, by their numbers.
#[derive(Clone, Debug)]
struct Group {
    supervisor: SupervisorRef,
    wards: [ServerRef<Ward<false>>; SIZE],
}

impl Child for Group {
    type Args = Args;
    type Handle = Self;

    fn vacant() -> Self {
        Self {
            supervisor: SupervisorRef::vacant(),
            wards: std::array::from_fn(|_| <Ward<false> as Child>::vacant()),
        }
    }

    fn child_spec(handle: &Self, id: impl Into<ChildId>, args: Args) -> ChildSpec {
        handle.as_child(id, args)
    }
}

impl Supervisor for Group {
    fn supervisor(&self) -> &SupervisorRef {
        &self.supervisor
    }

    fn init(&self, args: Args) -> SupervisorSpec {
        let spec = SupervisorSpec::new(args.strategy)
            .auto_shutdown(args.auto_shutdown)
            .max_restarts(args.max_restarts);
        let significant = args.auto_shutdown != AutoShutdown::Never;
        let restart = if significant {
            Restart::Temporary
        } else {
            Restart::Permanent
        };
        let wards = self.wards.iter().enumerate();
        wards.fold(spec, |spec, (number, ward)| {
            let lives = Arc::clone(&args.lives);
            let child = Ward::child_spec(ward, ChildId::new(number), lives);
            spec.child(child.restart(restart).significant(significant))
        })
    }
}

fn args(strategy: Strategy, lives: &Arc<Lives>) -> Args {
    Args {
        strategy,
        auto_shutdown: AutoShutdown::Never,
        max_restarts: 100,
        lives: Arc::clone(lives),
    }
}

fn group(args: Args) -> Group {
    block_on(async { start_link_supervisor::<Group>(args).await }).expect("it starts")
}

/// All are there, each once.
fn all_there(faults: &Faults, group: &Group, lives: &Lives) {
    let children = block_on(group.supervisor.which_children()).expect("it lives");
    let running = children.iter().filter_map(|child| child.pid()).count();
    let living = lives.started.load(Ordering::SeqCst) - lives.dropped.load(Ordering::SeqCst);
    if running != SIZE || living != SIZE as u64 {
        faults.add(format!("{living} live, and these run: {children:?}"));
    }
    for (child, ward) in children.iter().zip(&group.wards) {
        if child.pid() != ward.pid() {
            faults.add(format!("{child:?} is listed, and {ward:?} is found"));
        }
    }
}

/// Two of a group die at once: whatever the group's restart finds, all come back.
fn two_die(strategy: Strategy) {
    run(Timers::Never, |faults| {
        let lives = Arc::<Lives>::default();
        let group = group(args(strategy, &lives));
        let ends = [0, 2].map(|at: usize| group.wards[at].monitor());
        let wards = [0, 2].map(|at: usize| group.wards[at].bound().expect("it lives"));
        join(wards.map(|ward| client(async move { ward.kill() })));
        for end in ends {
            block_on(end);
        }
        all_there(faults, &group, &lives);
        block_on(group.supervisor.stop()).expect("it stops");
        all_gone(faults, &lives);
    });
}

pub(crate) fn two_of_one_for_one_die() {
    two_die(Strategy::OneForOne);
}

pub(crate) fn two_of_one_for_all_die() {
    two_die(Strategy::OneForAll);
}

pub(crate) fn two_of_rest_for_one_die() {
    two_die(Strategy::RestForOne);
}

/// Whoever hears of a child's end, and asks the supervisor then, hears nothing of that one any more.
pub(crate) fn asked_by_who_has_heard() {
    run(Timers::Never, |faults| {
        let lives = Arc::<Lives>::default();
        let group = group(args(Strategy::RestForOne, &lives));
        let end = group.wards[1].monitor();
        let ward = group.wards[1].bound().expect("it lives");
        let kills = client(async move { ward.kill() });
        let dead = block_on(end).pid;
        let children = block_on(group.supervisor.which_children()).expect("it lives");
        if children.iter().any(|child| child.pid() == Some(dead)) {
            faults.add(format!("{dead} is gone, and listed: {children:?}"));
        }
        all_there(faults, &group, &lives);
        join([kills]);
    });
}

/// A group is restarted, and its supervisor ends meanwhile.
fn ends_in_a_restart(strategy: Strategy, end_it: fn(&SupervisorRef), wanted: &ExitReason) {
    run(Timers::Never, |faults| {
        let lives = Arc::<Lives>::default();
        let group = group(args(strategy, &lives));
        let ward = group.wards[0].bound().expect("it lives");
        let end = group.supervisor.monitor();
        let kills = client(async move { ward.kill() });
        let ends = client(async move { end_it(&group.supervisor) });
        let end = block_on(end);
        if end.reason != *wanted {
            faults.add(format!("{end:?}"));
        }
        // Told of its end, nobody finds a child.
        all_gone(faults, &lives);
        join([kills, ends]);
    });
}

pub(crate) fn stopped_in_a_restart() {
    ends_in_a_restart(
        Strategy::OneForAll,
        |sup| block_on(async { drop(sup.stop().await) }),
        &ExitReason::Normal,
    );
}

pub(crate) fn killed_in_a_restart() {
    ends_in_a_restart(
        Strategy::RestForOne,
        SupervisorRef::kill,
        &ExitReason::Killed,
    );
}

/// A child is stopped, started and asked for by its id while a death restarts all of them.
pub(crate) fn asked_in_a_restart() {
    run(Timers::Never, |faults| {
        let lives = Arc::<Lives>::default();
        let group = group(args(Strategy::OneForAll, &lives));
        let ward = group.wards[0].bound().expect("it lives");
        let end = ward.monitor();
        let kills = client(async move { ward.kill() });
        let sup = group.supervisor.clone();
        let f = faults.clone();
        let asks = client(async move {
            if let Err(error) = sup.terminate_child(ChildId::new(2_usize)).await {
                f.add(format!("a child is not terminated: {error}"));
            }
            // It is as it was left, or has come back with the others.
            let deleted = sup.delete_child(ChildId::new(2_usize)).await;
            let restarted = sup.restart_child(ChildId::new(2_usize)).await;
            match (deleted, restarted) {
                (Ok(()), Ok(pid)) => f.add(format!("{pid} was deleted, and is restarted")),
                (Ok(()), Err(_)) | (Err(_), _) => {}
            }
        });
        join([kills, asks]);
        block_on(end);
        let children = block_on(group.supervisor.which_children()).expect("it lives");
        let running =
            |child: &suptree_core::ChildInfo| matches!(child.state, ChildState::Running(_));
        let living = lives.started.load(Ordering::SeqCst) - lives.dropped.load(Ordering::SeqCst);
        if !children.iter().all(running) || living != children.len() as u64 {
            faults.add(format!("{living} live, and these are listed: {children:?}"));
        }
        block_on(group.supervisor.stop()).expect("it stops");
        all_gone(faults, &lives);
    });
}

/// One restart is one too many, while somebody asks for a child to be stopped: the supervisor ends, and both hear of it.
pub(crate) fn gives_up() {
    run(Timers::Never, |faults| {
        let lives = Arc::<Lives>::default();
        let mut args = args(Strategy::OneForAll, &lives);
        args.max_restarts = 0;
        let group = group(args);
        let ward = group.wards[1].bound().expect("it lives");
        let end = group.supervisor.monitor();
        let kills = client(async move { ward.kill() });
        let sup = group.supervisor.clone();
        let asks = client(async move { drop(sup.terminate_child(ChildId::new(0_usize)).await) });
        let end = block_on(end);
        if end.reason != ExitReason::Shutdown {
            faults.add(format!("{end:?}"));
        }
        all_gone(faults, &lives);
        join([kills, asks]);
    });
}

/// All of the significant children end at once, each by itself: the last one takes the supervisor along.
pub(crate) fn all_that_matter_end() {
    run(Timers::Never, |faults| {
        let lives = Arc::<Lives>::default();
        let mut args = args(Strategy::OneForOne, &lives);
        args.auto_shutdown = AutoShutdown::AllSignificant;
        let group = group(args);
        let end = group.supervisor.monitor();
        let kills = group.wards.clone().map(|ward| {
            client(async move {
                ward.kill();
            })
        });
        let end = block_on(end);
        if end.reason != ExitReason::Shutdown {
            faults.add(format!("{end:?}"));
        }
        all_gone(faults, &lives);
        join(kills);
    });
}
