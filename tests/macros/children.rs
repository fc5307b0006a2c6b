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

#[derive(Clone)]
struct Places {
    root: String,
    depth: u64,
}

/// Asks a sibling, once it is asked.
struct Front {
    cache: CacheClient,
    below: CounterClient,
    root: String,
}

#[genserver]
impl Front {
    #[init]
    async fn init(cache: CacheClient, below: CounterClient, root: String) -> Self {
        // It starts later.
        assert_eq!(below.next().await, Err(CallError::NoProc));
        Self { cache, below, root }
    }

    #[call]
    async fn ask(&mut self) -> (Option<String>, u64, String) {
        let cached = self.cache.get().await.expect("it runs");
        let counted = self.below.next().await.expect("it runs");
        (cached, counted, self.root.clone())
    }
}

/// By hand: no function of its own says what it takes.
struct ByHand(u64, String);

impl GenServer for ByHand {
    type Args = (u64, String);
    type Call = ReplyTo<String>;
    type Cast = suptree::NoMessage;
    type Info = suptree::NoMessage;
    type Client = ServerRef<Self>;

    async fn init(
        (number, text): (u64, String),
        _cx: &mut Context<Self>,
    ) -> Result<Self, ExitReason> {
        Ok(Self(number, text))
    }

    async fn handle_call(
        &mut self,
        call: ReplyTo<String>,
        _cx: &mut Context<Self>,
    ) -> Result<(), ExitReason> {
        call.send(format!("{}{}", self.1, self.0));
        Ok(())
    }
}

supervisor! {
    Shared(places: Places, text: String, start: u64) {
        strategy: rest_for_one,
        children: [
            Cache as store,
            // A handle of one above, and of one below; the parameters are used by all of them.
            Front(store, below, text) as front,
            Front(store, below, places.root) as other,
            Counter(start) as below,
            Counter(places.depth + start) as deep,
            Writer(format!("{text}!"), Log::new()) as loud,
            ByHand(start, text) as by_hand,
            ByHand((start, places.root)) as whole,
        ],
    }
}

async fn shared() -> Shared {
    let places = Places {
        root: "root".to_owned(),
        depth: 100,
    };
    Shared::start_link(places, "text", 7).await.unwrap()
}

#[tokio::test]
async fn a_parameter_is_used_by_several_children() {
    let app = shared().await;
    assert_eq!(app.front().ask().await.unwrap().2, "text");
    assert_eq!(app.other().ask().await.unwrap().2, "root");
    assert_eq!(app.deep().next().await, Ok(108));
    assert!(Writer::whereis("text!").is_some());
    assert_eq!(
        app.by_hand().call_with(|reply| reply).await,
        Ok("text7".to_owned())
    );
    assert_eq!(
        app.whole().call_with(|reply| reply).await,
        Ok("root7".to_owned())
    );
}

#[tokio::test]
async fn a_sibling_is_an_argument_and_its_handle_follows_it() {
    let app = shared().await;
    app.store().save("hola".to_owned()).await.unwrap();
    let (cached, counted, _) = app.front().ask().await.unwrap();
    assert_eq!((cached, counted), (Some("hola".to_owned()), 8));

    let dead = app.below().pid().unwrap();
    app.below().kill();
    settle().await;
    assert_ne!(app.below().pid(), Some(dead));
    // The others kept their handles, and these lead to the new one.
    assert_eq!(app.front().ask().await.unwrap().1, 8);
}
