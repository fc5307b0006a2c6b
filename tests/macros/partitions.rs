//! `supervisor!` with `partition`: several servers of one kind, between which keys are divided.

use std::cell::Cell;

use suptree::prelude::*;
use suptree::{PartitionSupervisorRef, whereis};

#[derive(Default)]
pub(crate) struct Cache(u64);

#[genserver]
impl Cache {
    #[call]
    fn count(&mut self) -> u64 {
        self.0 += 1;
        self.0
    }
}

/// Knows what it was started with.
pub(crate) struct Worker {
    url: String,
    number: usize,
    cache: CacheClient,
}

#[genserver]
impl Worker {
    #[init]
    fn init(url: String, number: usize, cache: CacheClient) -> Self {
        Self { url, number, cache }
    }

    #[call]
    async fn told(&self) -> Result<(String, usize, u64), CallError> {
        Ok((self.url.clone(), self.number, self.cache.count().await?))
    }
}

#[derive(Clone)]
struct Config {
    url: String,
    workers: usize,
    restarts: u32,
    most: usize,
}

fn config() -> Config {
    Config {
        url: "db".to_owned(),
        workers: 3,
        restarts: 0,
        most: 1,
    }
}

supervisor! {
    App(config: Config) {
        strategy: one_for_one,
        children: [
            Cache,
            /// Works.
            partition pool(name = "pool"): |n| Worker(config.url, n, cache) {
                partitions: config.workers,
                max_restarts: config.restarts,
                shutdown: 1m,
            },
            partition counters: Cache { partitions: 2 },
            partition everywhere: |_| Cache,
            partition spare: Worker(config.url, 7, cache) { partitions: 1 },
        ],
    }
}

#[tokio::test(start_paused = true)]
async fn ps_01_a_declared_pool_is_reached_by_key() {
    let app = App::start_link(config()).await.unwrap();
    let pool: AppPool = app.pool();
    assert_eq!(pool.partitions(), 3);
    for (key, number) in [(0, 0), (4, 1), (-2, 2)] {
        let told = pool.route(&key).told().await.unwrap().unwrap();
        assert_eq!((told.0.as_str(), told.1), ("db", number));
    }
    assert_eq!(pool.route("joe").pid(), AppPool::named().route("joe").pid());
    assert_eq!(whereis("pool"), pool.pid());
    // The default, as in Elixir.
    let cores = std::thread::available_parallelism().unwrap().get();
    assert_eq!(app.everywhere().partitions(), cores);
    let told = app.spare().route("joe").told().await.unwrap().unwrap();
    assert_eq!((told.0.as_str(), told.1), ("db", 7));
    // Each has its own state.
    let counters = app.counters();
    let counts = [
        counters.route(&0).count().await,
        counters.route(&2).count().await,
        counters.route(&1).count().await,
    ];
    assert_eq!(counts, [Ok(1), Ok(2), Ok(1)]);
}

#[tokio::test(start_paused = true)]
async fn ps_02_a_declared_pool_follows_its_restarts() {
    let app = App::start_link(config()).await.unwrap();
    let (pool, worker) = (app.pool(), app.pool().route(&1));
    let before = pool.pid();
    let end = pool.monitor();
    worker.kill();
    // No restart is left, and the pool is a child like any other.
    assert_eq!(end.await.reason, ExitReason::Shutdown);
    app.which_children().await.unwrap();
    assert!(pool.pid().is_some() && pool.pid() != before);
    let told = worker.told().await.unwrap().unwrap();
    assert_eq!((told.0.as_str(), told.1), ("db", 1));
    app.stop().await.unwrap();
    assert_eq!(worker.told().await, Err(CallError::NoProc));
}

supervisor! {
    /// A pool by itself.
    pub(crate) Pool(url: String, cache: CacheClient) {
        partition: |n| Worker(url, n, cache),
        partitions: 4,
        max_restarts: 1,
        max_seconds: 60,
    }
}

#[tokio::test(start_paused = true)]
async fn ps_03_each_partition_of_a_declaration_is_given_its_number() {
    let cache = Cache::start_link().await.unwrap();
    let pool = Pool::start_link("db", cache).await.unwrap();
    let reference: &PartitionSupervisorRef<Worker> = &pool;
    for (number, worker) in reference.handles().into_iter().enumerate() {
        let told = worker.told().await.unwrap().unwrap();
        assert_eq!(told, ("db".to_owned(), number, number as u64 + 1));
    }
    // A pool inside is one by itself, too: it takes what it uses.
    let cache = Cache::start_link().await.unwrap();
    let pool = AppPool::start_link(config(), cache).await.unwrap();
    assert_eq!(pool.partitions(), 3);
    // And the other way round.
    assert_eq!(
        Pool::child_spec("db", pool_cache().await).id().to_string(),
        "pool"
    );
}

async fn pool_cache() -> CacheClient {
    Cache::start_link().await.unwrap()
}

/// Not `Sync`, as an argument may be.
#[derive(Clone)]
struct Fake(Cell<u8>);

pub(crate) trait Mailer: Clone + Send + 'static {
    fn number(&self) -> u8;
}

impl Mailer for Fake {
    fn number(&self) -> u8 {
        self.0.get()
    }
}

pub(crate) struct Post<M: Mailer>(M, usize);

#[genserver]
impl<M: Mailer> Post<M> {
    #[init]
    fn init(mailer: M, number: usize) -> Self {
        Self(mailer, number)
    }

    #[call]
    fn told(&mut self) -> (u8, usize) {
        (self.0.number(), self.1)
    }
}

supervisor! {
    Posts<M: Mailer, const N: usize>(mailer: M) { partition: |n| Post<M>(mailer, n), partitions: N }
}

supervisor! {
    Meetings<M: Mailer>(mailer: M, config: Config) {
        dynamic: Post<M>,
        extra_arguments: [mailer],
        max_children: config.most,
    }
}

supervisor! {
    Generic<M: Mailer, const N: usize>(mailer: M, config: Config) {
        strategy: one_for_one,
        max_restarts: config.restarts,
        children: [
            Posts<M, N>(mailer) as outside,
            partition inside: |n| Post<M>(mailer, n) { partitions: N + 1 },
            if config.most > 1 => partition more: Cache { partitions: config.most },
            for _ in 0..config.most => partition many: |n| Post<M>(mailer, n) { partitions: 2 },
            #[cfg(any())]
            partition none: Gone,
            Meetings<M>(mailer, config) as meetings,
            dynamic few: Post<M> | Cache { max_children: config.most },
            supervisor Below {
                strategy: one_for_all,
                children: [partition deep: |n| Post<M>(mailer, n) { partitions: N }],
            },
        ],
    }
}

#[tokio::test(start_paused = true)]
async fn r210_a_generic_supervisor_has_partitions_and_dynamic_children() {
    let app = Generic::<Fake, 2>::start_link(Fake(Cell::new(9)), config())
        .await
        .unwrap();
    assert_eq!(app.outside().route(&3).told().await, Ok((9, 1)));
    assert_eq!(app.inside().route(&2).told().await, Ok((9, 2)));
    assert_eq!(app.more().partitions(), 0);
    assert_eq!(
        app.more().route("joe").count().await,
        Err(CallError::NoProc)
    );
    assert_eq!(app.many()[0].route(&1).told().await, Ok((9, 1)));
    assert_eq!(app.below().deep().handles().len(), 2);
    let post = app.meetings().start_child(5).await.unwrap();
    assert_eq!(post.told().await, Ok((9, 5)));
    let cache = app.few().start_child::<Cache>(()).await.unwrap();
    assert_eq!(cache.count().await, Ok(1));
}

#[tokio::test(start_paused = true)]
async fn r211_the_flags_of_a_supervisor_may_use_its_arguments() {
    let app = Generic::<Fake, 1>::start_link(Fake(Cell::new(9)), config())
        .await
        .unwrap();
    app.meetings().start_child(5).await.unwrap();
    assert!(app.meetings().start_child(6).await.is_err());
    app.few().start_child::<Cache>(()).await.unwrap();
    assert!(app.few().start_child::<Cache>(()).await.is_err());
    // No restart is allowed.
    let end = app.monitor();
    app.meetings().kill();
    assert_eq!(end.await.reason, ExitReason::Shutdown);
}

#[test]
fn a_pool_is_drawn_as_it_is_declared() {
    let expected = "\
App (one_for_one)
├─ cache: Cache
├─ pool: AppPool (partition Worker, config.workers partitions, config.restarts restarts in 5 s), shutdown 1m
├─ counters: AppCounters (partition Cache, 2 partitions)
├─ everywhere: AppEverywhere (partition Cache)
└─ spare: AppSpare (partition Worker, 1 partition)
";
    assert_eq!(App::tree().to_string(), expected);
    let graph = Pool::tree().mermaid();
    let expected = "n0[\"Pool (partition Worker, 4 partitions, 1 restart in 60 s)\"]";
    assert!(graph.contains(expected), "{graph}");
}
