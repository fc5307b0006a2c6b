//! `supervisor!` with a list of children: arguments, names, options, handles that follow restarts.

use suptree::prelude::*;
use suptree::{ChildId, ChildType, whereis};

use crate::support::{Log, settle};

#[derive(Clone)]
pub(crate) struct Config {
    start: u64,
    log: Log,
}

struct Counter {
    n: u64,
}

#[genserver]
impl Counter {
    #[init]
    fn init(start: u64) -> Self {
        Self { n: start }
    }

    #[call]
    fn next(&mut self) -> u64 {
        self.n += 1;
        self.n
    }
}

struct Writer {
    log: Log,
    name: String,
}

#[genserver(name = name)]
impl Writer {
    #[init]
    fn init(name: String, log: Log) -> Result<Self, std::fmt::Error> {
        if name == "nobody" {
            return Err(std::fmt::Error);
        }
        log.push(format!("{name} starts"));
        Ok(Self { log, name })
    }

    #[cast]
    fn write(&mut self, line: String) {
        self.log.push(format!("{}: {line}", self.name));
    }

    #[terminate]
    fn terminate(&mut self) {
        self.log.push(format!("{} ends", self.name));
    }
}

#[derive(Default)]
struct Cache(Option<String>);

#[genserver(name = "cache")]
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

supervisor! {
    /// The application.
    #[allow(clippy::module_name_repetitions)]
    pub(crate) App(config: Config) {
        strategy: one_for_one,
        max_restarts: 2 + 1,
        max_seconds: 5,
        children: [
            Cache,
            Counter(config.start) as low,
            /// Counts from a thousand.
            Counter(1_000) as high { restart: transient, shutdown: 10s },
            Writer("first", config.log.clone()) as first { shutdown: brutal_kill },
            Writer(String::from("second"), config.log) as second,
            #[cfg(any())]
            NoSuchServer,
        ],
    }
}

fn config(log: &Log) -> Config {
    Config {
        start: 10,
        log: log.clone(),
    }
}

#[tokio::test]
async fn children_start_with_their_arguments() {
    let log = Log::new();
    let app = App::start_link(config(&log)).await.unwrap();
    assert_eq!(
        (app.low().next().await, app.high().next().await),
        (Ok(11), Ok(1_001))
    );
    assert_eq!(app.cache().get().await, Ok(None));
    app.first().write("hello").await.unwrap();
    Writer::named("second").write("hello").await.unwrap();
    settle().await;
    assert_eq!(
        log.take(),
        [
            "first starts",
            "second starts",
            "first: hello",
            "second: hello"
        ]
    );
    app.stop().await.unwrap();
    // The first was killed.
    assert_eq!(log.take(), ["second ends"]);
}

#[tokio::test]
async fn ids_are_the_names_of_the_methods() {
    let app = App::start_link(config(&Log::new())).await.unwrap();
    let children = app.which_children().await.unwrap();
    let ids: Vec<_> = children
        .iter()
        .map(|child| child.id.clone().unwrap())
        .collect();
    assert_eq!(
        ids,
        ["cache", "low", "high", "first", "second"].map(ChildId::from)
    );
    assert!(
        children
            .iter()
            .all(|child| child.child_type == ChildType::Worker)
    );
    assert_eq!(children[2].pid(), app.high().pid());
    assert_eq!(whereis("cache"), app.cache().pid());
}

#[tokio::test]
async fn a_handle_follows_its_child_across_restarts() {
    let app = App::start_link(config(&Log::new())).await.unwrap();
    let (cache, low) = (app.cache(), app.low());
    cache.save("hola").await.unwrap();
    assert_eq!(low.next().await, Ok(11));
    let (before, untouched) = (cache.pid(), low.pid());
    let death = cache.monitor();
    cache.kill();
    assert_eq!(death.await.reason, ExitReason::Killed);
    app.which_children().await.unwrap();
    // The handle from before, a new one, and the name find the same process, whose state is new.
    assert_eq!(cache.get().await, Ok(None));
    assert_ne!(cache.pid(), before);
    assert_eq!(
        (app.cache().pid(), whereis("cache")),
        (cache.pid(), cache.pid())
    );
    assert_eq!(low.pid(), untouched);
    assert_eq!(low.next().await, Ok(12));
}

#[tokio::test]
async fn a_restart_gives_the_same_arguments_again() {
    let app = App::start_link(config(&Log::new())).await.unwrap();
    assert_eq!(app.low().next().await, Ok(11));
    app.low().kill();
    settle().await;
    app.which_children().await.unwrap();
    assert_eq!(app.low().next().await, Ok(11));
}

#[tokio::test]
async fn options_of_a_child_are_stronger_than_those_of_its_server() {
    let app = App::start_link(config(&Log::new())).await.unwrap();
    // Transient: it is not started again after a normal end.
    app.high().stop().await.unwrap();
    settle().await;
    assert_eq!(app.count_children().await.unwrap().active, 4);
    // The other one is permanent.
    app.low().stop().await.unwrap();
    settle().await;
    assert_eq!(app.count_children().await.unwrap().active, 4);
    assert_eq!(app.low().next().await, Ok(11));
}

supervisor! {
    Failing(log: Log) {
        strategy: one_for_one,
        children: [Writer("one", log.clone()) as one, Writer("nobody", log) as two],
    }
}

#[tokio::test]
async fn a_child_that_does_not_start() {
    let log = Log::new();
    let error = Failing::start_link(log.clone()).await.unwrap_err();
    assert!(
        matches!(&error, StartError::Child { id, .. } if *id == "two".into()),
        "{error:?}"
    );
    assert_eq!(log.take(), ["one starts", "one ends"]);
}

supervisor! { Empty { strategy: one_for_one, children: [] } }

#[tokio::test]
async fn a_supervisor_may_have_no_children() {
    let empty = Empty::start_link().await.unwrap();
    assert_eq!(empty.which_children().await.unwrap(), []);
}
