//! Groups: servers and tasks under each strategy, that end, fail to start, and ask their own supervisor, while clients add, stop,
//! restart and delete children. In a restart nobody starts before those behind it are gone; what is listed lives; what shall be
//! there comes back; and the stop goes backwards.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use suptree::prelude::*;
use suptree::{
    Child, ChildId, ChildInfo, ChildSpec, ChildState, Ignore, Strategy, SupervisorRef,
    SupervisorSpec, TaskRef, exit, monitor, sim, stopping,
};

use crate::rng::Rng;
use crate::sup::Sup;
use crate::world::millis;

/// What all of a story know.
#[derive(Debug)]
struct Board {
    rng: Rng,
    strategy: Strategy,
    /// Positions and pids of those that live.
    living: BTreeMap<usize, Pid>,
    /// The position of the next child, which is its id.
    next: usize,
    /// Children whose start somebody asks for: those do not wait for others.
    asked: Vec<usize>,
    /// Clients stop children. In a group that takes a restart along that has failed, and the others of the group wait for it.
    stops: bool,
    /// Permanent children that may be without a process: they were stopped, or do not want one.
    excused: BTreeSet<usize>,
    /// Positions, in the order in which they ended, once the stop is on.
    ended: Option<Vec<usize>>,
    wrong: Option<String>,
}

#[derive(Clone, Debug)]
struct Shared(Arc<Mutex<Board>>);

impl Shared {
    fn board(&self) -> MutexGuard<'_, Board> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn chance(&self, permille: u64) -> bool {
        self.board().rng.permille(permille)
    }

    /// One of those that asked for the start of this child has its answer.
    fn answered(&self, at: usize) {
        let asked = &mut self.board().asked;
        if let Some(place) = asked.iter().position(|asked| *asked == at) {
            asked.swap_remove(place);
        }
    }

    fn fail(&self, what: String) {
        self.board().wrong.get_or_insert(what);
    }
}

/// Lives in each child.
struct Life(Shared, usize);

impl Life {
    fn begin(shared: &Shared, at: usize) -> Self {
        let me = self_pid();
        let board = &mut *shared.board();
        let behind = board.living.range(at..).next().map(|(at, pid)| (*at, *pid));
        let group = board.strategy != Strategy::OneForOne && !board.asked.contains(&at);
        if let Some((other, pid)) = behind
            && (other == at || group)
        {
            let what = format!("{me} starts as child {at} while {pid} is there, child {other}");
            board.wrong.get_or_insert(what);
        }
        board.living.insert(at, me);
        Self(shared.clone(), at)
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        let board = &mut *self.0.board();
        board.living.remove(&self.1);
        if let Some(ended) = &mut board.ended {
            ended.push(self.1);
        }
    }
}

struct Server {
    _life: Life,
}

#[genserver]
impl Server {
    #[init]
    async fn init(shared: Shared, at: usize) -> Result<Self, ExitReason> {
        let life = Life::begin(&shared, at);
        if shared.chance(200) {
            sim::yield_now().await;
        }
        if shared.chance(100) {
            let answer = Sup::named().count_children().await;
            if answer.is_ok() {
                shared.fail(format!("{at} asked from its `init`: {answer:?}"));
            }
        }
        if shared.chance(100) {
            return Err("not today".into());
        }
        if shared.chance(50) {
            shared.board().excused.insert(at);
            return Err(Ignore.into());
        }
        Ok(Self { _life: life })
    }

    #[terminate]
    async fn bye(&mut self) {
        sim::yield_now().await;
    }
}

/// Works for a while, or until it is told.
async fn work(life: Life) -> Result<(), String> {
    let shared = life.0.clone();
    if shared.chance(500) {
        let told = stopping();
        if shared.chance(300) {
            sim::sleep(millis(3)).await;
        }
        told.await;
        sim::sleep(millis(2)).await;
        return Ok(());
    }
    let time = shared.board().rng.pick(&[0, 1, 10, 1_000]);
    sim::sleep(millis(time)).await;
    if time == 1 {
        return Err("over".to_owned());
    }
    std::future::pending().await
}

fn spec(shared: &Shared, at: usize) -> ChildSpec {
    let id = ChildId::new(at);
    let restart = shared.board().rng.pick(&[
        Restart::Permanent,
        Restart::Permanent,
        Restart::Transient,
        Restart::Temporary,
    ]);
    if restart != Restart::Permanent {
        shared.board().excused.insert(at);
    }
    let spec = if shared.chance(500) {
        let shared = shared.clone();
        TaskRef::vacant().child_spec(id, move || work(Life::begin(&shared, at)))
    } else {
        let vacant = <Server as Child>::vacant();
        <Server as Child>::child_spec(&vacant, id, (shared.clone(), at))
    };
    spec.restart(restart)
}

/// Plays the groups of a seed. `Some`: what went wrong.
pub(crate) fn play(seed: u64) -> Option<String> {
    let config = sim::Config::swarm(seed).time_limit(Duration::from_secs(600));
    match config.run(groups(seed)) {
        Ok(violation) => violation,
        Err(stuck) => Some(format!("groups: {stuck}")),
    }
}

async fn groups(seed: u64) -> Option<String> {
    let mut rng = Rng::new(seed, 87);
    let strategy = rng.pick(&[
        Strategy::OneForOne,
        Strategy::OneForAll,
        Strategy::RestForOne,
    ]);
    let shared = Shared(Arc::new(Mutex::new(Board {
        rng: Rng::new(seed, 88),
        strategy,
        living: BTreeMap::new(),
        next: 0,
        asked: Vec::new(),
        stops: rng.permille(500),
        excused: BTreeSet::new(),
        ended: None,
        wrong: None,
    })));
    let max_restarts = rng.pick(&[2, u32::MAX, u32::MAX]);
    let sup = Sup::start(move || SupervisorSpec::new(strategy).max_restarts(max_restarts)).await;
    let sup = sup.ok()?;
    let end = monitor(sup.pid()?);
    let clients: Vec<_> = (0..1 + rng.below(3))
        .map(|client| {
            let rng = Rng::new(seed, 500 + client);
            sim::spawn(meddle(rng, sup.clone(), shared.clone()))
        })
        .collect();
    for client in clients {
        if let Err(error) = client.await {
            return Some(format!("a client of groups: {error:?}"));
        }
    }
    sim::sleep(Duration::from_secs(5)).await;
    if let Ok(children) = sup.which_children().await {
        check_listed(&shared, &children);
        shared.board().ended = Some(Vec::new());
        let _maybe_over = sup.stop().await;
    }
    let reason = end.await.reason;
    let board = shared.board();
    if let Some(wrong) = &board.wrong {
        return Some(format!("{strategy:?}: {wrong}"));
    }
    if !matches!(reason, ExitReason::Normal | ExitReason::Shutdown) {
        return Some(format!("a supervisor of a group ended with {reason}"));
    }
    if !board.living.is_empty() {
        return Some(format!("{:?} outlive their supervisor", board.living));
    }
    let ended = board.ended.as_deref().unwrap_or_default();
    (!ended.is_sorted_by(|a, b| a > b)).then(|| format!("stopped in this order: {ended:?}"))
}

fn check_listed(shared: &Shared, children: &[ChildInfo]) {
    let running: BTreeSet<_> = children.iter().filter_map(ChildInfo::pid).collect();
    let living: BTreeSet<_> = shared.board().living.values().copied().collect();
    if running != living {
        shared.fail(format!("{running:?} are listed, and {living:?} live"));
    }
    let (excused, all) = {
        let board = shared.board();
        let group = board.strategy != Strategy::OneForOne;
        (board.excused.clone(), group && board.stops)
    };
    for child in children {
        let mut excused = excused.iter().map(|at| Some(ChildId::new(*at)));
        let excused = all || excused.any(|id| id == child.id);
        let stays_away = child.state == ChildState::Stopped && excused;
        if child.pid().is_none() && !stays_away {
            shared.fail(format!("nobody starts {child:?} again"));
        }
    }
}

/// Does one thing after the other.
async fn meddle(mut rng: Rng, sup: SupervisorRef, shared: Shared) {
    for nth in 1..=25 {
        let any = rng.below(shared.board().next.max(1) as u64) as usize;
        let id = ChildId::new(any);
        match rng.below(8) {
            0 | 1 => {
                // Nothing waits until it is asked for: the supervisor has them in this order.
                let at = {
                    let board = &mut *shared.board();
                    board.next += 1;
                    board.asked.push(board.next - 1);
                    board.next - 1
                };
                let _maybe = sup.start_child(spec(&shared, at)).await;
                shared.answered(at);
            }
            2 | 3 => {
                let victim = shared.board().living.get(&any).copied();
                if let Some(pid) = victim {
                    exit(pid, ExitReason::Kill);
                }
            }
            4 if shared.board().stops => {
                shared.board().excused.insert(any);
                let _maybe = sup.terminate_child(id).await;
            }
            5 => {
                shared.board().asked.push(any);
                let _maybe = sup.restart_child(id).await;
                shared.answered(any);
            }
            6 => {
                let deleted = sup.delete_child(id.clone()).await;
                if deleted.is_ok()
                    && let Ok(pid) = sup.restart_child(id).await
                {
                    shared.fail(format!("{any} is deleted, and comes back as {pid}"));
                }
            }
            _ => sim::sleep(millis(rng.below(4))).await,
        }
        if nth % 8 == 0 {
            sim::sleep(millis(50)).await;
        }
    }
}
