//! Partition supervisors with fewer partitions for a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use suptree::prelude::*;
use suptree::{
    Child, ChildState, PartitionSupervisorRef, PartitionSupervisorSpec, ResizeError,
    StartChildError,
};

use crate::support::{Log, Reports, ms, settle};

type Shards = PartitionSupervisorRef<Shard>;

/// Which partition does not start; that of no number, where all do.
type Fails = Arc<AtomicUsize>;

struct Shard {
    number: usize,
    log: Log,
}

#[genserver(trap_exit)]
impl Shard {
    #[init]
    async fn init(number: usize, log: Log, fails: Fails) -> Result<Self, String> {
        tokio::time::sleep(ms(10)).await;
        if fails.load(Ordering::Relaxed) == number {
            return Err("bad".to_owned());
        }
        log.push(format!("{number} init"));
        Ok(Self { number, log })
    }

    #[call]
    fn number(&self) -> usize {
        self.number
    }

    /// Asks its own supervisor, and says what came of it, if it lives.
    #[call]
    async fn resize(&mut self, shards: Shards, partitions: usize) -> Result<usize, ResizeError> {
        shards.resize(partitions).await
    }

    #[call]
    async fn ask(&mut self, other: ShardClient, shards: Shards, partitions: usize) -> Asked {
        other.resize(shards, partitions).no_timeout().await
    }

    #[terminate]
    fn terminate(&mut self, reason: &ExitReason) {
        self.log.push(format!("{} terminate {reason}", self.number));
    }
}

type Asked = Result<Result<usize, ResizeError>, CallError>;

supervisor! { App { strategy: one_for_one, children: [] } }

struct World {
    app: App,
    shards: Shards,
    log: Log,
    fails: Fails,
}

/// No number of a partition.
const NONE: usize = usize::MAX;

impl World {
    async fn new(partitions: usize) -> Self {
        Self::with(partitions, |spec| spec).await
    }

    async fn with(
        partitions: usize,
        options: impl FnOnce(PartitionSupervisorSpec<Shard>) -> PartitionSupervisorSpec<Shard>,
    ) -> Self {
        let (log, fails) = (Log::new(), Fails::new(AtomicUsize::new(NONE)));
        let args = (log.clone(), Arc::clone(&fails));
        let spec = PartitionSupervisorSpec::<Shard>::new(move |number| {
            (number, args.0.clone(), Arc::clone(&args.1))
        });
        let (app, shards) = (App::start_link().await.unwrap(), Shards::vacant());
        let spec = options(spec.partitions(partitions));
        app.start_child(Shards::child_spec(&shards, "shards", spec))
            .await
            .unwrap();
        log.take();
        Self {
            app,
            shards,
            log,
            fails,
        }
    }

    /// Which partitions run, and between how many keys are divided.
    async fn running(&self) -> (Vec<usize>, usize) {
        let children = self.shards.which_children().await.unwrap();
        let counts = self.shards.count_children().await.unwrap();
        let runs = |(number, child): (usize, &suptree::ChildInfo)| {
            assert!(child.pid().is_some() || child.state == ChildState::Stopped);
            child.pid().map(|_| number)
        };
        let running: Vec<_> = children.iter().enumerate().filter_map(runs).collect();
        assert_eq!(running.len(), counts.active);
        (running, self.shards.partitions())
    }
}

#[tokio::test(start_paused = true)]
async fn ps_06_fewer_partitions_and_as_many_again() {
    let world = World::new(4).await;
    let shards = &world.shards;
    let before = shards.handles();
    let pids = |shards: &[ShardClient]| shards.iter().map(|one| one.pid()).collect::<Vec<_>>();
    let first = pids(&before);

    assert_eq!(shards.resize(2).await, Ok(4));
    assert_eq!(world.running().await, (vec![0, 1], 2));
    // Their specifications are there.
    assert_eq!(shards.count_children().await.unwrap().specs, 4);
    assert_eq!(pids(&shards.handles()), first[..2]);
    assert_eq!(pids(&before[2..]), [None, None]);
    for key in 0..8 {
        assert_eq!(shards.route(&key).number().await, Ok(key % 2));
    }
    let stops = ["2 terminate shutdown", "3 terminate shutdown"];
    assert_eq!(world.log.take(), stops, "one after the other");

    assert_eq!(shards.resize(3).await, Ok(2));
    assert_eq!(shards.resize(4).await, Ok(3));
    assert_eq!(world.log.take(), ["2 init", "3 init"]);
    assert_eq!(world.running().await, (vec![0, 1, 2, 3], 4));
    for key in 0..8 {
        assert_eq!(shards.route(&key).number().await, Ok(key % 4));
    }
    // The handles of before lead to them, and who stayed is who it was.
    assert_eq!(pids(&shards.handles()), pids(&before));
    assert_eq!(pids(&before[..2]), first[..2]);
    assert!(before[3].is_alive() && before[3].pid() != first[3]);
    assert_eq!(shards.info().unwrap().restarts, 0);
}

#[tokio::test(start_paused = true)]
async fn ps_06_with_no_partition_a_key_leads_nowhere() {
    let world = World::new(2).await;
    let shards = &world.shards;
    assert_eq!(shards.resize(0).await, Ok(2));
    assert_eq!(world.running().await, (vec![], 0));
    assert_eq!(shards.count_children().await.unwrap().specs, 2);
    assert!(shards.handles().is_empty());
    assert_eq!(shards.route("joe").number().await, Err(CallError::NoProc));
    assert!(shards.is_alive());
    assert_eq!(shards.resize(2).await, Ok(0));
    assert_eq!(shards.route(&3).number().await, Ok(1));
}

#[tokio::test(start_paused = true)]
async fn ps_06_more_partitions_than_at_first_are_refused() {
    let world = World::new(3).await;
    let shards = &world.shards;
    for _ in 0..2 {
        let too_many = Err(ResizeError::TooMany { most: 3 });
        assert_eq!(shards.resize(4).await, too_many);
        assert_eq!(shards.resize(usize::MAX).await, too_many);
        assert!(shards.resize(2).await.is_ok());
    }
    assert_eq!(shards.resize(2).await, Ok(2), "it is what it was");
    assert_eq!(world.running().await, (vec![0, 1], 2));
    assert_eq!(world.log.take(), ["2 terminate shutdown"]);
}

/// Who asks is told of it, and nobody else.
#[tokio::test(start_paused = true)]
async fn r392_a_partition_that_does_not_start_is_told_to_the_caller_alone() {
    let reports = Reports::capture();
    let world = World::new(4).await;
    world.shards.resize(1).await.unwrap();
    world.fails.store(2, Ordering::Relaxed);
    let failed = world.shards.resize(4).await;
    assert!(
        matches!(failed, Err(ResizeError::Start { partition: 2, .. })),
        "{failed:?}"
    );
    settle().await;
    assert_eq!(reports.errors(), Vec::<String>::new());
}

/// All or none: what was started for it is stopped again.
#[tokio::test(start_paused = true)]
async fn ps_06_a_partition_that_does_not_start_leaves_the_number_as_it_was() {
    let world = World::new(4).await;
    let shards = &world.shards;
    shards.resize(1).await.unwrap();
    world.fails.store(3, Ordering::Relaxed);
    world.log.take();
    let failed = shards.resize(4).await.unwrap_err();
    let error = StartError::Init("bad".into());
    assert_eq!(
        failed,
        ResizeError::Start {
            partition: 3,
            error
        }
    );
    assert_eq!(
        failed.to_string(),
        "failed to start partition 3: init failed: an error was returned: bad"
    );
    let steps = [
        "1 init",
        "2 init",
        "2 terminate shutdown",
        "1 terminate shutdown",
    ];
    assert_eq!(world.log.take(), steps);
    assert_eq!(world.running().await, (vec![0], 1));
    // It is not tried again by itself, and may be tried again.
    assert_eq!(shards.resize(3).await, Ok(1));
    world.fails.store(NONE, Ordering::Relaxed);
    assert_eq!(shards.resize(4).await, Ok(3));
    assert_eq!(world.running().await, (vec![0, 1, 2, 3], 4));
}

/// A stopped partition is nobody's to restart: not its supervisor's for the crash of another one, nor for one that was going on.
#[tokio::test(start_paused = true)]
async fn ps_06_a_stopped_partition_is_not_restarted() {
    let world = World::with(3, |spec| spec.max_restarts(1_000_000)).await;
    let shards = &world.shards;
    let [zero, _, two] = &shards.handles()[..] else {
        unreachable!()
    };
    // It is being restarted, again and again.
    world.fails.store(2, Ordering::Relaxed);
    two.kill();
    tokio::time::sleep(ms(35)).await;
    assert_eq!(shards.resize(2).await, Ok(3));
    world.fails.store(NONE, Ordering::Relaxed);
    zero.kill();
    tokio::time::sleep(ms(1_000)).await;
    assert_eq!(world.running().await, (vec![0, 1], 2));
    assert!(!two.is_alive());
}

#[tokio::test(start_paused = true)]
async fn ps_06_a_restarted_supervisor_has_all_its_partitions() {
    let world = World::new(3).await;
    let shards = &world.shards;
    let two = shards.route(&2);
    shards.resize(1).await.unwrap();
    shards.kill();
    shards.monitor().await;
    world.app.which_children().await.unwrap();
    assert_eq!(world.running().await, (vec![0, 1, 2], 3));
    assert_eq!(two.number().await, Ok(2));
}

/// As with Elixir's, whose `terminate_child` forgets them.
#[tokio::test(start_paused = true)]
async fn ps_06_a_temporary_partition_is_not_started_again() {
    let world = World::with(3, |spec| spec.restart(Restart::Temporary)).await;
    let shards = &world.shards;
    // One that is gone already is no obstacle.
    shards.route(&2).stop().await.unwrap();
    assert_eq!(shards.resize(1).await, Ok(3));
    let gone = Err(ResizeError::NotFound { partition: 1 });
    assert_eq!(shards.resize(3).await, gone);
    assert_eq!(shards.partitions(), 1);
    assert_eq!(shards.route(&2).number().await, Ok(0));
}

/// Whoever is first is first: nothing of one wish is undone by half of another.
#[tokio::test(start_paused = true)]
async fn ps_06_several_ask_at_once() {
    let world = World::new(4).await;
    let shards = &world.shards;
    let (down, up, none) = tokio::join!(shards.resize(1), shards.resize(4), shards.resize(0));
    assert_eq!((down, up, none), (Ok(4), Ok(1), Ok(4)));
    assert_eq!(world.running().await, (vec![], 0));
    // One that nobody waits for is carried out.
    let mut asked = Box::pin(shards.resize(2));
    assert!(crate::support::poll_once(&mut asked).is_pending());
    drop(asked);
    assert_eq!(world.running().await, (vec![0, 1], 2));
}

/// D40: who asks to be stopped is not waited for; who stays has its answer.
#[tokio::test(start_paused = true)]
async fn ps_06_a_partition_asks_its_own_supervisor() {
    let world = World::new(3).await;
    let shards = &world.shards;
    let (zero, two) = (shards.route(&0), shards.route(&2));
    let began = tokio::time::Instant::now();
    assert_eq!(zero.resize(shards.clone(), 2).await, Ok(Ok(3)));
    shards.resize(3).await.unwrap();
    let gone = two.resize(shards.clone(), 1).await;
    assert_eq!(gone, Err(CallError::Exited(ExitReason::Shutdown)));
    assert_eq!(world.running().await, (vec![0], 1));
    assert!(began.elapsed() < ms(100), "nobody's shutdown time is over");
}

/// D41: a partition without a limit waits for the one that asks for its end.
#[tokio::test(start_paused = true)]
async fn ps_06_a_wish_that_would_last_for_ever_is_refused() {
    let world = World::with(3, |spec| spec.shutdown(Shutdown::Infinity)).await;
    let shards = &world.shards;
    let (zero, two) = (shards.route(&0), shards.route(&2));
    let asked = two.ask(zero.clone(), shards.clone(), 2).no_timeout();
    // Its call is answered, and it ends then.
    let would_deadlock = Err(ResizeError::Call(CallError::WouldDeadlock));
    assert_eq!(asked.await, Ok(Ok(would_deadlock)));
    assert_eq!(world.running().await, (vec![0, 1], 2));
}

#[tokio::test(start_paused = true)]
async fn ps_06_who_is_no_partition_supervisor_of_this_type_is_not_resized() {
    let no_proc = Err(ResizeError::Call(CallError::NoProc));
    assert_eq!(Shards::vacant().resize(1).await, no_proc);
    assert_eq!(Shards::named("shards".into()).resize(1).await, no_proc);
    let world = World::new(2).await;
    world.shards.stop().await.unwrap();
    world.app.terminate_child("shards").await.unwrap();
    assert_eq!(world.shards.resize(1).await, no_proc);
    let other = PartitionSupervisorRef::<Other>::named("named".into());
    OtherApp::start_link().await.unwrap();
    let taken = other.resize(0).await;
    assert_eq!(taken, no_proc, "a supervisor of another kind has that name");
    assert!(other.is_alive());
}

#[derive(Default)]
struct Other;

#[genserver]
impl Other {}

supervisor! { OtherApp(name = "named") { strategy: one_for_one, children: [Other] } }

/// From the `init` of a partition, which its supervisor waits for.
#[tokio::test(start_paused = true)]
async fn ps_06_a_partition_that_asks_in_its_init_is_told_at_once() {
    struct Asks;

    #[genserver]
    impl Asks {
        #[init]
        async fn init(shards: Arc<std::sync::OnceLock<PartitionSupervisorRef<Self>>>) -> Self {
            let asked = shards.get().unwrap().resize(0).await;
            assert_eq!(asked, Err(ResizeError::Call(CallError::WouldDeadlock)));
            Self
        }
    }

    let app = App::start_link().await.unwrap();
    let shards = PartitionSupervisorRef::<Asks>::vacant();
    let known = Arc::new(std::sync::OnceLock::new());
    known.set(shards.clone()).unwrap();
    let flags = PartitionSupervisorSpec::<Asks>::new(move |_| Arc::clone(&known)).partitions(2);
    let spec = PartitionSupervisorRef::child_spec(&shards, "shards", flags);
    let started: Result<Pid, StartChildError> = app.start_child(spec).await;
    assert!(started.is_ok(), "{started:?}");
    assert_eq!(shards.partitions(), 2);
}

/// A shutdown gets in between, and interrupts the start.
#[tokio::test(start_paused = true)]
async fn ps_06_a_supervisor_that_stops_while_it_is_resized() {
    for kill in [false, true] {
        let world = World::new(3).await;
        let shards = world.shards.clone();
        shards.resize(0).await.unwrap();
        let asked = shards.clone();
        let asking = tokio::spawn(async move { asked.resize(3).await });
        tokio::time::sleep(ms(15)).await;
        let end = shards.monitor();
        let expected = if kill {
            shards.kill();
            ResizeError::Call(CallError::Exited(ExitReason::Killed))
        } else {
            let stopped = shards.clone();
            tokio::spawn(async move { stopped.stop().await });
            ResizeError::Start {
                partition: 1,
                error: StartError::Init(ExitReason::Shutdown),
            }
        };
        assert_eq!(asking.await.unwrap(), Err(expected));
        end.await;
        // Its own supervisor starts it again, as at first.
        world.app.which_children().await.unwrap();
        assert_eq!(world.running().await, (vec![0, 1, 2], 3));
    }
}

/// A partition that has a name, and takes a second to start and to stop.
struct Slow(usize);

#[genserver(name = ("partition", number))]
impl Slow {
    #[init]
    async fn init(number: usize, fails: Fails) -> Result<Self, String> {
        tokio::time::sleep(ms(1_000)).await;
        if fails.load(Ordering::Relaxed) == number {
            return Err("bad".to_owned());
        }
        Ok(Self(number))
    }

    #[call]
    fn number(&self) -> usize {
        self.0
    }

    #[terminate]
    async fn terminate(&mut self) {
        tokio::time::sleep(ms(1_000)).await;
    }
}

async fn named_partitions(partitions: usize) -> (App, PartitionSupervisorRef<Slow>, Fails) {
    let (app, named) = (
        App::start_link().await.unwrap(),
        PartitionSupervisorRef::vacant(),
    );
    let fails = Fails::new(AtomicUsize::new(NONE));
    let args = Arc::clone(&fails);
    let spec = PartitionSupervisorSpec::<Slow>::new(move |number| (number, Arc::clone(&args)));
    let spec = spec.partitions(partitions).max_restarts(1_000);
    let spec = PartitionSupervisorRef::child_spec(&named, "named", spec);
    app.start_child(spec).await.unwrap();
    (app, named, fails)
}

/// Calls a partition by its name, and waits if it is to return. Nobody has to wait for one that is not.
async fn is_gone(number: usize) {
    let asked = tokio::time::Instant::now();
    let answer = Slow::named(number)
        .number()
        .no_timeout()
        .owned()
        .await_restart();
    let answer = tokio::time::timeout(ms(500), answer).await;
    assert_eq!(answer, Ok(Err(CallError::NoProc)), "{number}");
    assert_eq!(asked.elapsed(), ms(0), "{number}");
}

#[tokio::test(start_paused = true)]
async fn r250_a_stopped_partition_is_not_missed() {
    let (app, named, _fails) = named_partitions(3).await;
    let mut readiness = app.watch_readiness();
    assert_eq!(readiness.changed().await, Ok(true));
    let fewer = tokio::spawn(named.resize(0));
    while named.partitions() > 0 {
        tokio::task::yield_now().await;
    }
    for (number, killed) in [(0, 2), (1, 2), (2, 2)] {
        let end = Slow::named(number).monitor();
        // It does not return either when it ends before its turn.
        Slow::named(killed).kill();
        end.await;
        is_gone(number).await;
        is_gone(killed).await;
        assert!(named.is_ready() && app.is_ready(), "{number}");
    }
    assert_eq!(fewer.await.unwrap(), Ok(3));
    let unchanged = tokio::time::timeout(ms(10), readiness.changed()).await;
    assert!(unchanged.is_err(), "{unchanged:?}");
}

/// Nor is it while another one fails to start.
#[tokio::test(start_paused = true)]
async fn r250_a_stopped_partition_is_not_waited_for_with_others() {
    let (_app, named, fails) = named_partitions(2).await;
    fails.store(0, Ordering::Relaxed);
    let end = Slow::named(0).monitor();
    Slow::named(0).kill();
    end.await;
    assert_eq!(named.resize(1).await, Ok(2));
    is_gone(1).await;
    assert!(!named.is_ready());
    fails.store(NONE, Ordering::Relaxed);
    let returned = Slow::named(0).number().no_timeout().owned().await_restart();
    assert_eq!(returned.await, Ok(0));
    named.ready().await.unwrap();

    // One that was started for nothing is not missed either.
    named.resize(0).await.unwrap();
    fails.store(1, Ordering::Relaxed);
    let more = tokio::spawn(named.resize(2));
    while !Slow::named(0).is_alive() {
        tokio::time::sleep(ms(100)).await;
    }
    Slow::named(0).monitor().await;
    is_gone(0).await;
    assert!(named.is_ready());
    assert!(matches!(
        more.await.unwrap(),
        Err(ResizeError::Start { partition: 1, .. })
    ));
}
