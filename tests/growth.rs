//! Growth: what a program does often costs in proportion to how often it does it, however much there is of everything else.
//!
//! Each operation is done so many times, and four times as many. A walk through a list of everything makes that up to sixteen
//! times as long. What disturbs a measurement makes it longer, so each counts by its shortest run.

// What is measured is a future that the one that prepares it gives.
#![allow(clippy::async_yields_async)]

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use suptree::prelude::*;
use suptree::{
    AutoShutdown, ChildId, ChildInfo, Monitor, MonitorRef, ProcessRef, Registry, Strategy,
    SupervisorSpec, Task, TerminateChildError, exit, link, monitor, process_info, start, unlink,
    whereis,
};

use tokio::sync::oneshot::{Receiver, Sender, channel};

use crate::support::{Sup, settle};

/// How many times as long four times as many may take.
const MOST: u32 = 8;
const TRIES: u32 = 5;

/// `prepare` sets up so many, and gives what is measured.
async fn in_proportion<P, M>(few: usize, prepare: P)
where
    P: AsyncFn(usize) -> M,
    M: Future<Output = ()>,
{
    let mut shortest = [Duration::MAX; 2];
    for _ in 0..TRIES {
        for (shortest, many) in shortest.iter_mut().zip([few, few * 4]) {
            let measured = prepare(many).await;
            let begun = worked();
            measured.await;
            let took = worked().saturating_sub(begun);
            // The system counts in steps; within one of them nothing is known.
            if !took.is_zero() {
                *shortest = took.min(*shortest);
            }
        }
        if shortest[1] < shortest[0].saturating_mul(MOST) {
            return;
        }
    }
    let [little, much] = shortest;
    panic!("{few} took {little:?}, four times as many {much:?}");
}

/// How long this thread has worked; or, where the system does not say, how late it is.
pub(crate) fn worked() -> Duration {
    // The system counts up when the thread lets go of its processor.
    std::thread::yield_now();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.and_then(|told| told.split(' ').next()?.parse().ok());
    nanos.map_or_else(since_the_first_look, Duration::from_nanos)
}

fn since_the_first_look() -> Duration {
    static FIRST: OnceLock<Instant> = OnceLock::new();
    FIRST.get_or_init(Instant::now).elapsed()
}

/// The numbers below this one, each once, in no order.
fn scattered(many: usize) -> impl Iterator<Item = usize> {
    (0..many).map(move |at| at * 7_919 % many)
}

#[derive(Default)]
struct Leaf;

#[genserver(restart = temporary)]
impl Leaf {
    #[call]
    fn here(&self) -> bool {
        true
    }
}

async fn leaves(many: usize) -> Vec<LeafClient> {
    let mut leaves = Vec::with_capacity(many);
    for _ in 0..many {
        leaves.push(Leaf::start().await.unwrap());
    }
    leaves
}

fn pids(leaves: &[LeafClient]) -> Vec<Pid> {
    leaves.iter().map(|leaf| leaf.pid().unwrap()).collect()
}

/// Does to others what only a process can.
#[derive(Default)]
struct Hub(Vec<ReplyTo<()>>);

#[genserver(trap_exit)]
impl Hub {
    #[call]
    fn link_all(&self, pids: Vec<Pid>) {
        pids.into_iter().for_each(link);
    }

    #[call]
    fn unlink_all(&self, pids: Vec<Pid>) {
        pids.into_iter().for_each(unlink);
    }

    #[call]
    fn watch_all(&self, pids: Vec<Pid>, cx: &mut Context<Self>) -> Vec<MonitorRef> {
        pids.iter().map(|pid| cx.monitor(pid)).collect()
    }

    #[call]
    fn forget_all(&self, monitors: Vec<MonitorRef>, cx: &mut Context<Self>) -> bool {
        monitors.into_iter().all(|monitor| cx.demonitor(monitor))
    }

    #[down]
    fn down(&mut self, _down: Down) {}

    #[exit]
    fn exited(&mut self, _from: Pid, _reason: ExitReason) {}

    #[call]
    fn keep(&mut self, reply: ReplyTo<()>) {
        self.0.push(reply);
    }

    #[call]
    fn kept(&self) -> usize {
        self.0.len()
    }

    #[call]
    fn answer(&mut self) {
        self.0.drain(..).for_each(|reply| reply.send(()));
    }

    /// Leaves callers without a reply, and calls another server after each.
    #[call]
    async fn forget(&mut self, other: LeafClient) {
        for reply in self.0.drain(..) {
            drop(reply);
            assert_eq!(other.here().await, Ok(true));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn r97_links_of_one_to_many() {
    in_proportion(8_000, async |many| {
        let (hub, leaves) = (Hub::start().await.unwrap(), leaves(many).await);
        let all = pids(&leaves);
        let order: Vec<Pid> = scattered(many).map(|at| all[at]).collect();
        async move {
            hub.link_all(all).await.unwrap();
            hub.unlink_all(order).await.unwrap();
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn r97_deaths_of_many_that_one_is_linked_to() {
    in_proportion(4_000, async |many| {
        let (hub, leaves) = (Hub::start().await.unwrap(), leaves(many).await);
        hub.link_all(pids(&leaves)).await.unwrap();
        async move {
            for at in scattered(many) {
                leaves[at].stop().await.unwrap();
            }
            hub.kept().await.unwrap();
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn r97_r311_monitors_of_a_server_that_are_given_up() {
    in_proportion(4_000, async |many| {
        let (hub, leaves) = (Hub::start().await.unwrap(), leaves(many).await);
        // Each twice: of one process, and of all.
        let one = vec![leaves[0].pid().unwrap(); many];
        let all = [one, pids(&leaves)].concat();
        async move {
            let set = hub.watch_all(all).await.unwrap();
            let order: Vec<_> = scattered(set.len()).map(|at| set[at]).collect();
            assert_eq!(hub.forget_all(order).await, Ok(true));
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn r97_r311_deaths_of_many_that_a_server_monitors() {
    in_proportion(4_000, async |many| {
        let (hub, leaves) = (Hub::start().await.unwrap(), leaves(many).await);
        hub.watch_all(pids(&leaves)).await.unwrap();
        async move {
            for at in scattered(many) {
                leaves[at].stop().await.unwrap();
            }
            hub.kept().await.unwrap();
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn r97_the_death_of_one_that_is_linked_to_many() {
    in_proportion(4_000, async |many| {
        let (hub, leaves) = (Hub::start().await.unwrap(), leaves(many).await);
        hub.link_all(pids(&leaves)).await.unwrap();
        let last = leaves[many - 1].monitor();
        async move {
            exit(hub.pid().unwrap(), ExitReason::Kill);
            last.await;
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn r97_monitors_of_one_that_are_dropped() {
    in_proportion(8_000, async |many| {
        let leaf = Leaf::start().await.unwrap();
        let pid = leaf.pid().unwrap();
        async move {
            let mut monitors: Vec<Option<Monitor>> =
                (0..many).map(|_| Some(monitor(pid))).collect();
            for at in scattered(many) {
                monitors[at] = None;
            }
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn r97_monitors_of_one_that_dies() {
    in_proportion(8_000, async |many| {
        let leaf = Leaf::start().await.unwrap();
        let monitors: Vec<Monitor> = (0..many).map(|_| leaf.monitor()).collect();
        async move {
            leaf.stop().await.unwrap();
            for monitor in monitors {
                monitor.await;
            }
        }
    })
    .await;
}

/// A server with a name.
struct Numbered;

#[genserver(name = number)]
impl Numbered {
    #[init]
    fn init(number: usize) -> Self {
        let _ = number;
        Self
    }
}

#[tokio::test(start_paused = true)]
async fn r97_names() {
    in_proportion(4_000, async |many| async move {
        for number in 0..many {
            start::<Numbered>(number).await.unwrap();
        }
        for number in scattered(many) {
            let pid = whereis(&number).unwrap();
            assert!(process_info(pid).is_some());
            Numbered::named(number).stop().await.unwrap();
        }
    })
    .await;
}

/// Has many keys in registries, as only a process can.
#[derive(Default)]
struct Holder;

#[genserver(restart = temporary)]
impl Holder {
    #[call]
    fn register(&self, unique: Registry<usize>, keys: Vec<usize>) {
        for key in keys {
            unique.register(key, ()).unwrap();
        }
    }

    #[call]
    fn unregister(&self, unique: Registry<usize>, keys: Vec<usize>) {
        for key in keys {
            assert!(unique.unregister(&key).is_some());
        }
    }
}

/// One process with many keys, which are taken, looked up, dispatched to and given back; and again, but it dies.
#[tokio::test(start_paused = true)]
async fn r97_r352_keys_of_one_in_a_registry() {
    in_proportion(2_000, async |many| {
        let (unique, shared) = (Registry::unique(), Registry::duplicate());
        let holder = Holder::start().await.unwrap();
        let keys: Vec<_> = scattered(many).collect();
        async move {
            for _ in 0..2 {
                let register = holder.register(unique.clone(), keys.clone());
                register.no_timeout().await.unwrap();
                for key in &keys {
                    assert!(unique.lookup(key).is_some());
                    assert!(unique.whereis(key).is_some());
                }
                let unregister = holder.unregister(unique.clone(), keys.clone());
                unregister.no_timeout().await.unwrap();
            }
            for key in &keys {
                shared.register_process(&holder, *key, ()).unwrap();
            }
            for key in &keys {
                shared.dispatch(key, |entries| assert_eq!(entries.len(), 1));
            }
            let end = holder.monitor();
            holder.kill();
            end.await;
            assert!(unique.is_empty() && shared.is_empty());
        }
    })
    .await;
}

/// Many processes with a key each, and all of them under one.
#[tokio::test(start_paused = true)]
async fn r97_r352_many_in_a_registry() {
    in_proportion(1_000, async |many| {
        let (unique, shared) = (Registry::unique(), Registry::duplicate());
        let leaves = leaves(many).await;
        async move {
            for (key, leaf) in scattered(many).zip(&leaves) {
                unique.register_process(leaf, key, ()).unwrap();
                shared.register_process(leaf, "all", ()).unwrap();
            }
            shared.dispatch("all", |entries| assert_eq!(entries.len(), many));
            for key in scattered(many) {
                assert!(unique.lookup(&key).is_some());
            }
            for leaf in &leaves {
                let end = leaf.monitor();
                leaf.kill();
                end.await;
            }
            assert!(unique.is_empty() && shared.is_empty());
        }
    })
    .await;
}

/// Tasks that call, and wait for their replies.
async fn callers(hub: &HubClient, many: usize) -> Vec<tokio::task::JoinHandle<()>> {
    let call = |_| {
        let hub = hub.clone();
        tokio::spawn(async move {
            let _answered = hub.keep().no_timeout().await;
        })
    };
    let tasks = (0..many).map(call).collect();
    while hub.kept().await.unwrap() < many {
        tokio::task::yield_now().await;
    }
    tasks
}

#[tokio::test(start_paused = true)]
async fn r97_callers_that_wait() {
    in_proportion(4_000, async |many| {
        let hub = Hub::start().await.unwrap();
        let tasks = callers(&hub, many).await;
        // Long enough for each to watch over its call.
        tokio::time::sleep(Duration::from_millis(100)).await;
        async move {
            hub.answer().await.unwrap();
            for task in tasks {
                task.await.unwrap();
            }
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn r97_callers_that_give_up() {
    in_proportion(4_000, async |many| {
        let hub = Hub::start().await.unwrap();
        let mut tasks: Vec<_> = callers(&hub, many).await.into_iter().map(Some).collect();
        tokio::time::sleep(Duration::from_millis(100)).await;
        async move {
            for at in scattered(many) {
                let task = tasks[at].take().unwrap();
                task.abort();
                assert!(task.await.is_err());
            }
            assert!(hub.is_alive());
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn r97_callers_that_are_forgotten() {
    in_proportion(2_000, async |many| {
        let (hub, leaf) = (Hub::start().await.unwrap(), Leaf::start().await.unwrap());
        let tasks = callers(&hub, many).await;
        async move {
            hub.forget(leaf).no_timeout().await.unwrap();
            for task in tasks {
                task.await.unwrap();
            }
        }
    })
    .await;
}

/// Its mailbox is full while it waits.
#[derive(Default)]
struct Narrow;

#[genserver(mailbox = 1)]
impl Narrow {
    #[cast]
    async fn work(&mut self) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn r97_senders_that_wait_for_room() {
    in_proportion(1_000, async |many| {
        let narrow = Narrow::start().await.unwrap();
        async move {
            let send = |_| tokio::spawn(narrow.work().no_timeout().owned());
            let tasks: Vec<_> = (0..many).map(send).collect();
            for task in tasks {
                task.await.unwrap().unwrap();
            }
        }
    })
    .await;
}

/// Keeps the newest of what it is sent while it waits.
#[derive(Default)]
struct Newest;

#[genserver(mailbox = 1_000_000, full = drop_oldest, trap_exit)]
impl Newest {
    #[cast]
    async fn wait(&mut self) {
        std::future::pending::<()>().await;
    }

    #[cast]
    fn note(&mut self, _n: usize) {}
}

/// For each message of many the oldest is dropped: it is found without a walk, whatever stays before it.
#[tokio::test(start_paused = true)]
async fn r97_r351_the_oldest_that_is_dropped_from_a_full_mailbox() {
    const ROOM: usize = 1_000_000;
    const CONTROL: usize = 1_000;
    let newest = Newest::start().await.unwrap();
    newest.wait().await.unwrap();
    settle().await;
    let pid = newest.pid().unwrap();
    for _ in 0..CONTROL {
        exit(pid, ExitReason::Shutdown);
    }
    settle().await;
    for n in CONTROL..ROOM {
        newest.note(n).try_send().unwrap();
    }
    in_proportion(1_000, async |many| {
        let newest = newest.clone();
        async move {
            for n in 0..many {
                newest.note(n).try_send().unwrap();
            }
        }
    })
    .await;
    // A thousand, with a million that wait, in no more time than so many take where few do.
    let dropped = newest.info().unwrap().dropped;
    assert!(dropped >= 5_000, "{dropped}");
}

supervisor! { Free { dynamic: Leaf } }
supervisor! { Limited { dynamic: Leaf, max_children: 1_000_000 } }

async fn children(free: &Free, many: usize) -> Vec<LeafClient> {
    let mut children = Vec::with_capacity(many);
    for _ in 0..many {
        children.push(free.start_child(()).await.unwrap());
    }
    children
}

#[tokio::test(start_paused = true)]
async fn r97_children_that_are_started() {
    in_proportion(1_000, async |many| {
        let (free, limited) = (
            Free::start_link().await.unwrap(),
            Limited::start_link().await.unwrap(),
        );
        async move {
            for _ in 0..many {
                free.start_child(()).await.unwrap();
                limited.start_child(()).await.unwrap();
            }
            free.stop().await.unwrap();
            limited.stop().await.unwrap();
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn r97_children_that_are_terminated() {
    in_proportion(1_000, async |many| {
        let free = Free::start_link().await.unwrap();
        let all = pids(&children(&free, many).await);
        async move {
            for at in scattered(many) {
                free.terminate_child(all[at]).await.unwrap();
            }
            free.stop().await.unwrap();
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn r221_children_that_are_terminated_when_they_are_dead() {
    in_proportion(1_000, async |many| {
        let free = Free::start_link().await.unwrap();
        let dead = children(&free, many).await;
        let _alive = children(&free, many).await;
        for leaf in &dead {
            leaf.stop().await.unwrap();
        }
        async move {
            for at in scattered(many) {
                let ended = free.terminate_child(&dead[at]).await;
                assert_eq!(ended, Err(TerminateChildError::NotFound));
            }
            free.stop().await.unwrap();
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn r97_children_that_end_by_themselves() {
    in_proportion(1_000, async |many| {
        let free = Free::start_link().await.unwrap();
        let children = children(&free, many).await;
        async move {
            for at in scattered(many) {
                children[at].kill();
            }
            assert_eq!(free.count_children().await.unwrap().active, 0);
            free.stop().await.unwrap();
        }
    })
    .await;
}

/// Ends when its time is over, not when it is asked to.
struct Late(u64);

#[genserver(restart = temporary)]
impl Late {
    #[init]
    fn init(at: u64) -> Self {
        Self(at)
    }

    #[terminate]
    async fn terminate(&mut self) {
        tokio::time::sleep(Duration::from_millis(self.0)).await;
    }
}

supervisor! { LateOnes { dynamic: Late } }

#[tokio::test(start_paused = true)]
async fn r97_children_that_end_in_any_order_when_they_are_stopped() {
    in_proportion(4_000, async |many| {
        let late = LateOnes::start_link().await.unwrap();
        for at in scattered(many) {
            late.start_child(at as u64).await.unwrap();
        }
        async move { late.stop().await.unwrap() }
    })
    .await;
}

/// Children with ids.
async fn fixed(many: usize) -> Sup {
    Sup::start(move |spec| {
        let children = (0..many).map(|at| Again::child_spec().with_id(at.to_string()));
        children.fold(spec.max_restarts(u32::MAX), SupervisorSpec::child)
    })
    .await
    .unwrap()
}

/// What a hundred thousand cost is, with room to spare, a hundred times what a thousand cost.
async fn a_hundred_times(cost: impl AsyncFn(usize) -> Duration) {
    const SLACK: u32 = 10;
    let (mut thousand, mut all) = (Duration::MAX, Duration::MAX);
    for _ in 0..TRIES {
        for _ in 0..3 {
            thousand = thousand.min(cost(1_000).await.max(Duration::from_micros(1)));
        }
        all = all.min(cost(100_000).await);
        if all < thousand * 100 * SLACK {
            return;
        }
    }
    panic!("a thousand took {thousand:?}, a hundred thousand {all:?}");
}

#[tokio::test(start_paused = true)]
async fn sup_83_a_hundred_thousand_children_cost_a_hundred_times_what_a_thousand_cost() {
    a_hundred_times(async |many| {
        let begun = worked();
        let sup = fixed(many).await;
        assert_eq!(sup.count_children().await.unwrap().active, many);
        sup.stop().await.unwrap();
        worked().saturating_sub(begun)
    })
    .await;
}

/// Counts down how many of them are left.
struct InTurn {
    at: usize,
    left: Arc<AtomicUsize>,
}

#[genserver]
impl InTurn {
    #[init]
    fn init(at: usize, left: Arc<AtomicUsize>) -> Self {
        left.fetch_add(1, Ordering::Relaxed);
        Self { at, left }
    }
}

impl Drop for InTurn {
    fn drop(&mut self) {
        let before = self.left.fetch_sub(1, Ordering::Relaxed);
        // Out of turn: then there is never nobody left.
        if before != self.at + 1 {
            self.left.fetch_add(1 << 32, Ordering::Relaxed);
        }
    }
}

/// The figure itself, a second for all of them, is the benchmark's: a test has no machine of its own.
#[tokio::test(start_paused = true)]
async fn f10_a_hundred_thousand_children_shut_down_in_order() {
    a_hundred_times(async |many| {
        let left = Arc::new(AtomicUsize::new(0));
        let all = Arc::clone(&left);
        let sup = Sup::start(move |spec| {
            let child =
                |at: usize| InTurn::child_spec(at, Arc::clone(&all)).with_id(ChildId::new(at));
            (0..many).map(child).fold(spec, SupervisorSpec::child)
        })
        .await
        .unwrap();
        assert_eq!(left.load(Ordering::Relaxed), many);
        let begun = worked();
        sup.stop().await.unwrap();
        let took = worked().saturating_sub(begun);
        assert_eq!(left.load(Ordering::Relaxed), 0);
        took
    })
    .await;
}

/// The restart of a group costs as much as the group is large.
#[tokio::test(start_paused = true)]
async fn r97_a_group_that_is_restarted() {
    in_proportion(1_000, async |many| {
        let sup = Sup::start_as(Strategy::OneForAll, move |spec| {
            let children = (0..many).map(|at| Again::child_spec().with_id(at.to_string()));
            children.fold(spec, SupervisorSpec::child)
        })
        .await
        .unwrap();
        let first = sup.which_children().await.unwrap()[0].pid().unwrap();
        async move {
            exit(first, ExitReason::Kill);
            assert_eq!(sup.count_children().await.unwrap().active, many);
            assert_eq!(sup.info().unwrap().restarts, 1);
            sup.stop().await.unwrap();
        }
    })
    .await;
}

/// Significant children that end one after the other: the last of them is known without a look at all.
#[tokio::test(start_paused = true)]
async fn r97_significant_children_that_end() {
    in_proportion(1_000, async |many| {
        let sup = Sup::start(move |spec| {
            let child = |at: usize| {
                let child = Again::child_spec().with_id(at.to_string());
                child.restart(Restart::Transient).significant(true)
            };
            let spec = spec.auto_shutdown(AutoShutdown::AllSignificant);
            (0..many).map(child).fold(spec, SupervisorSpec::child)
        })
        .await
        .unwrap();
        let children = sup.which_children().await.unwrap();
        let all: Vec<Pid> = children.iter().filter_map(ChildInfo::pid).collect();
        let end = sup.monitor();
        async move {
            for at in scattered(many) {
                exit(all[at], ExitReason::Shutdown);
            }
            assert_eq!(end.await.reason, ExitReason::Shutdown);
        }
    })
    .await;
}

/// Started again whenever it ends.
#[derive(Default)]
struct Again;

#[genserver]
impl Again {}

#[tokio::test(start_paused = true)]
async fn r97_children_that_are_restarted() {
    in_proportion(1_000, async |many| {
        let sup = fixed(many).await;
        let all: Vec<Pid> = sup
            .which_children()
            .await
            .unwrap()
            .iter()
            .filter_map(|child| child.pid())
            .collect();
        async move {
            for at in scattered(many) {
                exit(all[at], ExitReason::Kill);
            }
            assert_eq!(sup.count_children().await.unwrap().active, many);
            sup.stop().await.unwrap();
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn r97_children_by_their_ids() {
    in_proportion(1_000, async |many| {
        let sup = fixed(many).await;
        async move {
            for at in scattered(many) {
                let id = at.to_string();
                sup.terminate_child(id.clone()).await.unwrap();
                let spec = Leaf::child_spec().with_id(format!("new {id}"));
                sup.start_child(spec).await.unwrap();
                sup.terminate_child(format!("new {id}")).await.unwrap();
            }
            sup.stop().await.unwrap();
        }
    })
    .await;
}

supervisor! { OneLate { strategy: one_for_one, children: [Late(2_500)] } }
supervisor! { LateBelow { dynamic: OneLate } }

#[derive(Default)]
struct Asker;

#[genserver]
impl Asker {
    #[call]
    async fn stop(&self, other: ProcessRef) {
        other.stop().await.unwrap();
    }
}

/// A supervisor that ends for a process that waits for it looks now and then whether one below it waits for that process.
#[tokio::test(start_paused = true)]
async fn r97_supervisors_that_end_late_for_a_process_that_waits() {
    in_proportion(100, async |many| {
        let late = LateBelow::start_link().await.unwrap();
        for _ in 0..many {
            late.start_child(()).await.unwrap();
        }
        let asker = Asker::start().await.unwrap();
        async move { asker.stop(late.process()).no_timeout().await.unwrap() }
    })
    .await;
}

/// Gates that are opened in no order, one after the other, and those that wait at them.
fn gates(many: usize) -> (Vec<Option<Sender<()>>>, Vec<Receiver<()>>) {
    (0..many)
        .map(|_| channel())
        .map(|(open, opened)| (Some(open), opened))
        .unzip()
}

async fn open_all(mut gates: Vec<Option<Sender<()>>>) {
    for nth in scattered(gates.len()) {
        gates[nth].take().unwrap().send(()).unwrap();
        // The task ends, and who waits for it hears of that.
        for _ in 0..3 {
            tokio::task::yield_now().await;
        }
    }
}

/// Who waits for many tasks looks at those that have ended.
#[tokio::test(start_paused = true)]
async fn r295_tasks_that_are_awaited_together() {
    in_proportion(300, async |many| {
        let (gates, opened) = gates(many);
        let tasks: Vec<_> = opened.into_iter().map(Task::spawn).collect();
        tokio::task::yield_now().await;
        async move {
            let (values, ()) = tokio::join!(Task::await_many(tasks), open_all(gates));
            assert_eq!(values.unwrap().len(), many);
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn r295_tasks_of_a_stream() {
    in_proportion(300, async |many| {
        let (gates, opened) = gates(many);
        let mut all = Task::async_stream(opened, |gate| gate)
            .max_concurrency(many)
            .unordered();
        async move {
            let take = async {
                for _ in 0..many {
                    all.next().await.unwrap().unwrap().unwrap();
                }
            };
            tokio::join!(take, open_all(gates));
        }
    })
    .await;
}
