//! Every form of a child in one declaration, and a tree of supervisors that comes of it.
//!
//! Run with `cargo run --example tree`. It checks what it prints, and ends by itself.

use suptree::ChildSpec;
use suptree::prelude::*;

/// What a test would stand in for.
trait Mailer: Clone + Send + Sync + 'static {
    fn send(&self, to: &str) -> String;
}

#[derive(Clone)]
struct Config {
    path: String,
    start: u64,
    shards: u64,
    metrics: bool,
}

#[derive(Default)]
struct Cache(Option<String>);
#[genserver]
impl Cache {
    #[call]
    fn get(&self) -> Option<String> {
        self.0.clone()
    }
    #[cast]
    fn save(&mut self, new: String) {
        self.0 = Some(new);
    }
}

struct Counter(u64);
#[genserver]
impl Counter {
    #[init]
    fn init(start: u64) -> Self {
        Self(start)
    }
    #[call]
    fn next(&mut self) -> u64 {
        self.0 += 1;
        self.0
    }
}

/// Answers from the cache, and counts.
struct Api {
    cache: CacheClient,
    hits: CounterClient,
    path: String,
}
#[genserver]
impl Api {
    #[init]
    fn init(cache: CacheClient, hits: CounterClient, path: String) -> Self {
        Self { cache, hits, path }
    }
    #[call]
    async fn ask(&self) -> Result<String, CallError> {
        let (hit, cached) = (self.hits.next().await?, self.cache.get().await?);
        Ok(format!(
            "{} {hit}: {}",
            self.path,
            cached.unwrap_or_default()
        ))
    }
}

struct Post<M: Mailer>(M);
#[genserver]
impl<M: Mailer> Post<M> {
    #[init]
    fn init(mailer: M) -> Self {
        Self(mailer)
    }
    #[call]
    fn deliver(&self, to: String) -> String {
        self.0.send(&to)
    }
}

struct Room(String);
#[genserver(restart = transient)]
impl Room {
    #[init]
    fn init(topic: String) -> Self {
        Self(topic)
    }
    #[call]
    fn topic(&self) -> String {
        self.0.clone()
    }
}

struct Disk(String);
#[genserver]
impl Disk {
    #[init]
    fn init(path: String, _cache: CacheClient) -> Self {
        Self(path)
    }
    #[call]
    fn path(&self) -> String {
        self.0.clone()
    }
}

/// One of several: a key has one of them.
struct Worker {
    root: String,
    number: usize,
}
#[genserver]
impl Worker {
    #[init]
    fn init(root: String, number: usize) -> Self {
        Self { root, number }
    }
    #[call]
    fn work(&self, user: String) -> String {
        format!("{}/{user}, by worker {}", self.root, self.number)
    }
}

fn metrics() -> ChildSpec {
    Counter::child_spec(9000)
}

/// Any async fn is a child: this one waits until it is told to stop.
async fn accept_loop(path: String, cache: CacheClient) {
    let greeting = format!("{path} is open");
    if cache.save(greeting).await.is_ok() {
        suptree::stopping().await;
    }
}

supervisor! {
    /// The application's root.
    App<M: Mailer>(config: Config, mailer: M) {
        strategy: rest_for_one,
        max_restarts: 3,
        max_seconds: 5,
        children: [
            Cache,
            Api(cache, low, config.path) as api,
            Counter(config.start) as low,
            Counter(1_000) as high { restart: transient, shutdown: 10s, backoff: 100ms..10s },
            Post<M>(mailer) as post,
            for n in 0..config.shards => Counter(n) as shards,
            if config.metrics => Counter(9_000) as requests,
            metrics() as metrics,
            task accept: accept_loop(config.path, cache) { restart: transient },
            dynamic rooms: Room { max_children: 10_000 },
            partition pool: |n| Worker(config.path, n) { partitions: 4 },
            supervisor Storage {
                strategy: one_for_all,
                children: [
                    Disk(config.path, cache),
                    Counter(config.start) as index,
                ],
            },
        ],
    }
}

/// A mailer for tests.
#[derive(Clone)]
struct Fake;

impl Mailer for Fake {
    fn send(&self, to: &str) -> String {
        format!("to {to}, by nobody")
    }
}

const DECLARED: &str = "\
App (rest_for_one, 3 restarts in 5 s)
├─ cache: Cache
├─ api: Api
├─ low: Counter
├─ high: Counter, transient, shutdown 10s, backoff 100ms..10s
├─ post: Post<M>
├─ shards: Counter, for n in 0..config.shards
├─ requests: Counter, if config.metrics
├─ metrics: metrics()
├─ accept: task accept_loop(config.path, cache), transient
├─ rooms: AppRooms (dynamic Room, at most 10_000)
├─ pool: AppPool (partition Worker, 4 partitions)
└─ storage: Storage (one_for_all)
   ├─ disk: Disk
   └─ index: Counter
";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let tree = App::<Fake>::tree();
    print!("{tree}\n{}\n", tree.mermaid());
    assert_eq!(tree.to_string(), DECLARED);

    let config = Config {
        path: "/data".to_owned(),
        start: 5,
        shards: 3,
        metrics: false,
    };
    let app = App::start_link(config, Fake).await?;
    let children = app.which_children().await?.into_iter();
    let ids: Vec<_> = children
        .filter_map(|child| child.id)
        .map(|id| id.to_string())
        .collect();
    println!("{}", ids.join(" "));
    let started =
        "cache api low high post shards[0] shards[1] shards[2] metrics accept rooms pool storage";
    assert_eq!(ids.join(" "), started);

    // A task, which has a sibling's handle.
    assert!(app.accept().is_alive());
    while app.cache().get().await?.as_deref() != Some("/data is open") {
        tokio::task::yield_now().await;
    }

    // A sibling as an argument, one of them further down.
    app.cache().save("hola").await?;
    assert_eq!(app.api().ask().await??, "/data 6: hola");
    // Another mailer.
    assert_eq!(app.post().deliver("ana").await?, "to ana, by nobody");

    // A list: handles that follow their children.
    let shards = app.shards();
    assert_eq!(shards[2].next().await?, 3);
    let end = shards[2].monitor();
    shards[2].kill();
    end.await;
    app.which_children().await?; // answered after the restart
    assert_eq!(shards[2].next().await?, 3);

    // A condition that does not hold.
    assert_eq!(app.requests().next().await, Err(CallError::NoProc));

    // Partitions: each key has one of them.
    assert_eq!(
        app.pool().route(&6).work("ana").await?,
        "/data/ana, by worker 2"
    );
    assert_eq!(app.pool().route("ana").pid(), app.pool().route("ana").pid());

    // Supervisors inside.
    let room = app.rooms().start_child("rust").await?;
    assert_eq!(room.topic().await?, "rust");
    assert_eq!(app.storage().disk().path().await?, "/data");
    assert_eq!(app.storage().index().next().await?, 6);

    app.stop().await?;
    println!("all as declared");
    Ok(())
}
