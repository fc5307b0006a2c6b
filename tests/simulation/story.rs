//! A story: one seed from the first start to the last death, and the verdict on it.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::time::Duration;

use suptree::{
    ExitReason, Restart, Supervisor, exit, monitor, processes, sim, start_link_supervisor,
};

use crate::client::Client;
use crate::liveness;
use crate::lives;
use crate::options::Options;
use crate::requests;
use crate::restarts;
use crate::rng::Rng;
use crate::sending::give_up;
use crate::supervision;
use crate::targets::Target;
use crate::tree::{Tree, TreeArgs, asked};
use crate::world::{self, fault, millis, with};

/// Whatever waits longer than this, in virtual time, hangs.
const LONGEST: Duration = Duration::from_secs(3600);
/// And whatever takes more steps than this runs in circles.
const MOST_POLLS: u64 = 3_000_000;

/// What came of a story.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) faults: u64,
    pub(crate) trace: u64,
    pub(crate) violation: Option<String>,
}

thread_local! {
    static ROOT: RefCell<Option<Tree<0>>> = const { RefCell::new(None) };
    /// Tasks that have to come to an end when everything is dead.
    static OPEN: Cell<u64> = const { Cell::new(0) };
}

/// The handles of the tree that runs now.
pub(crate) fn root() -> Option<Tree<0>> {
    ROOT.with_borrow(Clone::clone)
}

/// Makes a target known.
pub(crate) fn add_target(key: u64, target: Target) {
    let old = with(|world| world.targets.insert(key, target));
    drop(old);
}

/// Runs something beside the clients that has to come to an end with them.
pub(crate) fn watch(task: impl Future<Output = ()> + Send + 'static) {
    OPEN.set(OPEN.get() + 1);
    drop(sim::spawn(async move {
        task.await;
        OPEN.set(OPEN.get() - 1);
    }));
}

/// Plays the story of a seed.
pub(crate) fn play(seed: u64) -> Verdict {
    let options = Options::draw(seed);
    world::begin(seed, options.clone());
    OPEN.set(0);
    let config = sim::Config::swarm(seed)
        .time_limit(LONGEST)
        .poll_limit(MOST_POLLS);
    let ran = config.run(tell(seed, options));
    ROOT.set(None);
    let targets = with(|world| std::mem::take(&mut world.targets));
    drop(targets);
    with(|world| {
        if let Err(stuck) = &ran {
            let phase = world.phase;
            world.fail(|| format!("R47: waiting for {phase}: {stuck}"));
        }
        // R40: the end of a runtime is the end of everything on it.
        let (living, messages) = (world.lives.living.len(), world.requests.messages);
        if living > 0 {
            world.fail(|| format!("R40: {living} states outlive their runtime"));
        }
        if messages > 0 {
            world.fail(|| format!("R48: {messages} messages outlive their runtime"));
        }
    });
    let world = world::end();
    let (faults, violation) = (world.faults, world.violation.clone());
    drop(world);
    let trace = ran.unwrap_or_else(|stuck| stuck.trace_hash());
    Verdict {
        faults,
        trace,
        violation,
    }
}

async fn tell(seed: u64, options: Options) -> u64 {
    let rng = &mut Rng::new(seed, 3);
    for name in 0..lives::NAMES {
        add_target(u64::from(name), Target::named(rng.below(6), name));
    }
    if let Some(steps) = options.abrupt {
        return abruptly(seed, &options, steps).await;
    }
    let guardian = sim::spawn(guard());
    let mut clients = Vec::new();
    for number in 0..options.clients {
        let client = Client::new(seed, number, options.clone());
        clients.push(sim::spawn(client.work()));
    }
    // All of them come to an end by themselves, or wait for one who will not.
    for _ in 0..400 {
        if clients.iter().all(sim::JoinHandle::is_finished) {
            break;
        }
        sim::sleep(millis(25)).await;
        liveness::look();
    }
    with(|world| world.closing = true);
    phase("calm");
    calm().await;
    phase("the stop of the tree");
    stop(rng).await;
    phase("the guardian");
    let _guarded = guardian.await;
    phase("the rest to be killed");
    end_the_rest().await;
    phase("the clients' last calls");
    for client in clients {
        if let Err(error) = client.await {
            world::fail(|| format!("a client panicked: {error:?}"));
        }
    }
    phase("the monitors");
    for _ in 0..1000 {
        if OPEN.get() == 0 {
            break;
        }
        sim::sleep(millis(50)).await;
    }
    if OPEN.get() > 0 {
        world::fail(|| {
            format!(
                "R74: everything is dead, and {} who waited for it were not told",
                OPEN.get()
            )
        });
    }
    lives::check();
    with(|world| world.lives.over = true);
    sim::trace_hash()
}

fn phase(waits_for: &'static str) {
    world::log(|| format!("--- waiting for {waits_for}"));
    with(|world| world.phase = waits_for);
}

/// Keeps a tree running: starts it, and again when it has given up.
async fn guard() {
    loop {
        if world::is_closing() {
            return;
        }
        let seat = restarts::seat(Restart::Temporary);
        let starting = start_link_supervisor::<Tree<0>>(TreeArgs { seat });
        let mut starting = std::pin::pin!(starting.into_future());
        let started = loop {
            // Within a poll or after a while: whichever it is, the story must come to its end.
            if let Some(started) = give_up(starting.as_mut(), 0).await {
                break started;
            }
            if world::is_closing() {
                fault();
                return;
            }
            sim::sleep(millis(2)).await;
        };
        let Ok(root) = started else {
            lives::check();
            sim::sleep(millis(10)).await;
            continue;
        };
        let pid = root.supervisor().pid();
        let down = monitor(pid.unwrap_or_else(lives::nobody));
        for (key, target) in (10..).zip(root.kids.targets()) {
            add_target(key, target);
        }
        if let Some(branch) = &root.branch {
            for (key, target) in (20..).zip(branch.kids.targets()) {
                add_target(key, target);
            }
        }
        ROOT.set(Some(root));
        let down = down.await;
        lives::check();
        lives::told(down.pid, &down.reason, "the guardian");
        if down.reason == ExitReason::Shutdown {
            restarts::gave_up(down.pid);
        }
    }
}

/// With nobody doing anything any more, everything has to be in order.
async fn calm() {
    sim::sleep(Duration::from_secs(60)).await;
    liveness::look();
    lives::check();
    requests::check_waiting();
    let Some(root) = root() else {
        return;
    };
    macro_rules! check {
        ($supervisor:expr, $what:expr) => {
            let (process, asked) = ($supervisor.process(), $supervisor.which_children());
            supervision::check_children(process, asked, $what).await;
        };
    }
    check!(root.supervisor(), "the root");
    check!(root.pool.children, "the root's pool");
    if let Some(branch) = &root.branch {
        check!(branch.supervisor(), "the branch");
        check!(branch.pool.children, "the branch's pool");
    }
}

/// Stops the tree, in one of the ways there are.
async fn stop(rng: &mut Rng) {
    let Some((root, pid)) = root().and_then(|root| root.supervisor().pid().map(|pid| (root, pid)))
    else {
        return;
    };
    let down = monitor(pid);
    let orderly = rng.permille(600);
    with(|world| world.stopping = orderly);
    if orderly {
        let stopped = root.supervisor().stop_with(asked());
        if let Some(Err(error)) = give_up(std::pin::pin!(stopped), 1).await {
            world::record(u64::from(error == suptree::StopError::NoProc));
        }
        // A supervisor that waits for an `init` without end reads no requests.
        sim::sleep(Duration::from_secs(60)).await;
    }
    root.supervisor().kill();
    let down = down.await;
    with(|world| world.stopping = false);
    lives::told(down.pid, &down.reason, "who stopped the root");
    lives::check();
    if orderly && down.reason == asked() {
        lives::check_stop_order();
    }
}

/// Kills whatever belongs to no tree.
async fn end_the_rest() {
    for _ in 0..500 {
        let rest = processes();
        if rest.is_empty() {
            return;
        }
        for info in rest {
            exit(info.pid, ExitReason::Kill);
        }
        sim::sleep(millis(50)).await;
    }
    let rest: Vec<_> = processes()
        .iter()
        .map(|info| (info.pid, info.type_name))
        .collect();
    world::fail(|| format!("R26: these do not die: {rest:?}"));
}

/// R40, R41: the runtime ends in the middle of everything.
async fn abruptly(seed: u64, options: &Options, steps: u64) -> u64 {
    drop(sim::spawn(guard()));
    for number in 0..options.clients {
        drop(sim::spawn(
            Client::new(seed, number, options.clone()).work(),
        ));
    }
    for _ in 0..steps {
        sim::yield_now().await;
    }
    with(|world| world.lives.over = true);
    sim::trace_hash()
}
