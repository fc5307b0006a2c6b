//! Supervisors under supervisors: handles that follow through both, references by name, child specifications.

use suptree::prelude::*;
use suptree::{ChildType, Restart, Shutdown, Start, SupervisorRef};

use crate::support::settle;

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

supervisor! {
    Storage(start: u64, name = "storage") {
        strategy: one_for_one,
        children: [Counter(start) as disk, Counter(start * 2) as index { restart: temporary }],
    }
}

supervisor! { Rooms { dynamic: Counter } }

supervisor! {
    Root(start: u64) {
        children: [
            Storage(start + 1),
            Storage2(start) as more { shutdown: 1m },
            Rooms as rooms,
            Counter(start) as supervisor,
        ],
        strategy: one_for_one,
    }
}

supervisor! { Storage2(start: u64) { strategy: one_for_one, children: [Counter(start) as disk] } }

#[tokio::test]
async fn supervisors_are_children_too() {
    let root = Root::start_link(100_u64).await.unwrap();
    assert_eq!(root.storage().disk().next().await, Ok(102));
    assert_eq!(root.storage().index().next().await, Ok(203));
    assert_eq!(root.more().disk().next().await, Ok(101));
    assert_eq!(root.supervisor().next().await, Ok(101));
    assert_eq!(Storage::named().pid(), root.storage().pid());
    let room = root.rooms().start_child(7_u64).await.unwrap();
    assert_eq!(room.next().await, Ok(8));
    let types: Vec<_> = root
        .which_children()
        .await
        .unwrap()
        .iter()
        .map(|child| child.child_type)
        .collect();
    assert_eq!(
        types,
        [
            ChildType::Supervisor,
            ChildType::Supervisor,
            ChildType::Supervisor,
            ChildType::Worker
        ]
    );
}

#[tokio::test]
async fn a_handle_follows_through_supervisors_that_restart() {
    let root = Root::start_link(0_u64).await.unwrap();
    let disk = root.storage().disk();
    assert_eq!((disk.next().await, disk.next().await), (Ok(2), Ok(3)));
    let before = disk.pid();
    root.storage().kill();
    settle().await;
    root.which_children().await.unwrap();
    assert_eq!(disk.next().await, Ok(2));
    assert_ne!(disk.pid(), before);
}

#[tokio::test]
async fn a_start_is_a_value_and_a_supervisor_by_name_a_reference() {
    let start: Start<Storage> = Storage::start_link(1_u64);
    let storage = start.await.unwrap();
    let named: SupervisorRef = Storage::named();
    assert_eq!(named.count_children().await.unwrap().specs, 2);
    assert!(format!("{storage:?}").starts_with("Storage {"));
    storage.stop().await.unwrap();
    assert!(!named.is_alive());
}

#[test]
fn a_supervisor_has_a_child_specification() {
    let spec = Storage::child_spec(1_u64);
    assert_eq!(spec.id(), &"storage".into());
    assert_eq!(
        (spec.child_type(), spec.restart_type()),
        (ChildType::Supervisor, Restart::Permanent)
    );
    assert_eq!(spec.shutdown_type(), Shutdown::Infinity);
}

/// Where a tree gets its values from.
#[derive(Clone)]
pub(crate) struct Config {
    names: Vec<String>,
    start: u64,
    metrics: bool,
}

/// Holds what it was started with.
struct Holder<T>(T);

#[genserver]
impl<T: Clone + Send + Sync + 'static> Holder<T> {
    #[init]
    fn init(value: T) -> Self {
        Self(value)
    }

    #[call]
    fn value(&self) -> T {
        self.0.clone()
    }
}

fn spare(start: u64) -> suptree::ChildSpec {
    Counter::child_spec(start).restart(Restart::Temporary)
}

supervisor! {
    /// Every form of a child.
    Forms<T: Clone + Send + Sync>(config: Config, value: T)
    where
        T: 'static,
    {
        strategy: one_for_one,
        max_restarts: 100,
        children: [
            Holder<T>(value) as holder,
            Holder<Vec<CounterClient>>(counters) as all,
            Holder<CounterClient>(metrics) as observer,
            for n in 0..config.start => Counter(n) as counters { restart: transient },
            #[cfg(all())]
            for name in config.names.clone() => Holder<(String, T)>((name, value)) as named,
            #[cfg(any())]
            for gone in config.gone => Gone(gone) as gone,
            if config.metrics => Counter(config.start) as metrics,
            #[cfg(any())]
            if config.gone => Gone as gone,
            spare(config.start) as spare { shutdown: 1m, backoff: 10ms..1.5s },
            Counter::child_spec(1).restart(Restart::Transient) as second,
            for n in [1_u64, 2] => spare(n) as spares,
            if !config.metrics => spare(7) as instead,
            #[cfg(any())]
            gone() as gone,
            /// Rooms that come and go.
            #[cfg(not(any()))]
            dynamic rooms: Counter { max_children: 1, shutdown: 2m },
            #[cfg(any())]
            dynamic gone: Gone,
            #[cfg(any())]
            supervisor Gone { strategy: one_for_one, children: [NoSuch] },
            supervisor Below {
                strategy: rest_for_one,
                max_restarts: 7,
                shutdown: 3m,
                children: [
                    // Of the outer one: a parameter, a child, a list of them.
                    Holder<T>(value) as holder,
                    Holder<CounterClient>(metrics) as observer,
                    Holder<usize>(counters.len()) as count,
                    supervisor Deep as deepest {
                        strategy: one_for_all,
                        children: [Counter(config.start + 1) as counter, Holder<T>(value) as value_],
                    },
                ],
            },
        ],
    }
}

fn config(start: u64, metrics: bool) -> Config {
    Config {
        names: vec!["a".to_owned(), "b".to_owned()],
        start,
        metrics,
    }
}

async fn ids(supervisor: &SupervisorRef) -> Vec<String> {
    let children = supervisor.which_children().await.unwrap().into_iter();
    children
        .map(|child| child.id.unwrap().to_string())
        .collect()
}

#[tokio::test]
async fn m34_every_form_of_a_child_starts_in_its_place() {
    let app = Forms::start_link(config(3, true), "text").await.unwrap();
    let expected = "holder all observer counters[0] counters[1] counters[2] named[0] named[1] metrics spare second \
        spares[0] spares[1] rooms below";
    assert_eq!(ids(&app).await.join(" "), expected);
    assert_eq!(app.holder().value().await, Ok("text"));
    assert_eq!(app.named()[1].value().await, Ok(("b".to_owned(), "text")));
    assert_eq!(app.counters()[2].next().await, Ok(3));
    assert_eq!(app.metrics().next().await, Ok(4));

    // A list, a child below, and one above, as arguments.
    let all = app.all().value().await.unwrap();
    assert_eq!(all[2].pid(), app.counters()[2].pid());
    assert_eq!(app.observer().value().await.unwrap().next().await, Ok(5));

    let room = app.rooms().start_child(1).await.unwrap();
    assert_eq!(room.next().await, Ok(2));
    assert!(app.rooms().start_child(1).await.is_err());

    let below = app.below();
    assert_eq!(
        ids(&below).await,
        ["holder", "observer", "count", "deepest"]
    );
    assert_eq!(below.holder().value().await, Ok("text"));
    assert_eq!(below.count().value().await, Ok(3));
    assert_eq!(below.observer().value().await.unwrap().next().await, Ok(6));
    assert_eq!(below.deepest().counter().next().await, Ok(5));
    assert_eq!(below.deepest().value_().value().await, Ok("text"));
}

#[tokio::test]
async fn a_condition_that_does_not_hold_leaves_its_handle_without_a_process() {
    let app = Forms::start_link(config(0, false), 1_u8).await.unwrap();
    assert!(!ids(&app).await.contains(&"metrics".to_owned()));
    assert!(ids(&app).await.contains(&"instead".to_owned()));
    assert!(!app.metrics().is_alive());
    assert_eq!(app.metrics().next().await, Err(CallError::NoProc));
    assert!(app.counters().is_empty());
}

supervisor! {
    Outer(start: u64) {
        strategy: one_for_one,
        children: [
            supervisor Inner {
                strategy: one_for_one,
                children: [for n in 0..start => Counter(n) as counters],
            },
        ],
    }
}

#[tokio::test]
async fn the_handles_of_a_list_follow_their_children() {
    let app = Outer::start_link(2).await.unwrap();
    let counters = app.inner().counters();
    assert_eq!(counters[1].next().await, Ok(2));
    let dead = counters[1].pid();
    counters[1].kill();
    settle().await;
    assert_ne!(counters[1].pid(), dead);
    assert_eq!(counters[1].next().await, Ok(2));

    // The supervisor starts anew, and the handles from before lead to its new children.
    let dead = counters[0].pid();
    app.inner().kill();
    settle().await;
    app.which_children().await.unwrap();
    assert_ne!(counters[0].pid(), dead);
    assert_eq!(counters[0].next().await, Ok(1));
    assert_eq!(app.inner().counters().len(), 2);
}

#[tokio::test]
async fn a_supervisor_inside_of_another_has_a_type_of_its_own() {
    let inner = Inner::start_link(1).await.unwrap();
    assert_eq!(ids(&inner).await, ["counters[0]"]);
    assert_eq!(Inner::child_spec(1).child_type(), ChildType::Supervisor);
}

async fn count(counter: CounterClient, names: Vec<String>) -> Result<(), CallError> {
    for _ in names {
        counter.next().await?;
    }
    suptree::stopping().await;
    Ok(())
}

supervisor! {
    Tasks(names: Vec<String>) {
        strategy: one_for_one,
        children: [
            Counter(0) as counter,
            task once: count(counter, names) { restart: permanent },
            for name in names.clone() => task each: count(counter, vec![name, "again".to_owned()]),
            #[cfg(any())]
            task gone: gone(),
            task block: async move { drop(names) } { restart: transient },
        ],
    }
}

#[tokio::test]
async fn tasks_are_children_made_anew_for_each_start() {
    let names = vec!["a".to_owned(), "b".to_owned()];
    let app = Tasks::start_link(names).await.unwrap();
    assert_eq!(
        ids(&app).await,
        ["counter", "once", "each[0]", "each[1]", "block"]
    );
    settle().await;
    // Two names once, and two for each.
    assert_eq!(app.counter().next().await, Ok(7));
    assert_eq!(app.each().len(), 2);
    assert!(app.each()[1].is_alive());
    // It is done.
    assert!(!app.block().is_alive());

    // What it takes is there for the next one, too.
    app.once().kill();
    settle().await;
    assert!(app.once().is_alive());
    assert_eq!(app.counter().next().await, Ok(10));
}

#[test]
fn a_tree_is_drawn_as_it_is_declared() {
    let expected = "\
Forms (one_for_one, 100 restarts in 5 s)
├─ holder: Holder<T>
├─ all: Holder<Vec<CounterClient>>
├─ observer: Holder<CounterClient>
├─ counters: Counter, for n in 0..config.start, transient
├─ named: Holder<(String, T)>, for name in config.names.clone()
├─ metrics: Counter, if config.metrics
├─ spare: spare(config.start), shutdown 1m, backoff 10ms..1.5s
├─ second: Counter::child_spec(1).restart(Restart::Transient)
├─ spares: spare(n), for n in [1_u64, 2]
├─ instead: spare(7), if !config.metrics
├─ rooms: FormsRooms (dynamic Counter, at most 1), shutdown 2m
└─ below: Below (rest_for_one, 7 restarts in 5 s), shutdown 3m
   ├─ holder: Holder<T>
   ├─ observer: Holder<CounterClient>
   ├─ count: Holder<usize>
   └─ deepest: Deep (one_for_all)
      ├─ counter: Counter
      └─ value_: Holder<T>
";
    assert_eq!(Forms::<u8>::tree().to_string(), expected);
    // Those that are declared elsewhere are drawn, too.
    let root = Root::tree().to_string();
    assert!(root.contains(
        "├─ storage: Storage (one_for_one)\n│  ├─ disk: Counter\n│  └─ index: Counter, temporary\n"
    ));
    assert!(root.contains("├─ rooms: Rooms (dynamic Counter)\n"));
    assert!(root.contains("├─ more: Storage2 (one_for_one), shutdown 1m\n"));
}

/// What a list goes through, and a condition takes apart, may be borrowed or moved: others have it all the same.
mod taken_apart {
    use super::*;

    #[derive(Clone)]
    pub(super) struct Hosts {
        pub(super) first: Option<String>,
        pub(super) names: Vec<String>,
    }

    supervisor! {
        pub(super) Borrowing(hosts: Hosts, numbers: Vec<u64>) {
            strategy: one_for_one,
            children: [
                if let Some(first) = hosts.first => Holder<String>(first) as first,
                if let Some(first) = &hosts.first => Holder<String>(first.clone()) as again,
                if let [number, ..] = *numbers => Counter(number) as counter,
                if hosts.names.len() > 9 => Counter(9) as many,
                for name in &hosts.names => Holder<String>(name.clone()) as names,
                for (nth, name) in hosts.names.iter().enumerate() => Holder<(usize, String)>((nth, name.clone())) as pairs,
                for number in numbers.iter().rev() => Counter(*number) as counters,
                for all in [(hosts.names, numbers)] => Holder<(Vec<String>, Vec<u64>)>(all) as whole,
                for handle in counters.into_iter() => Holder<CounterClient>(handle) as handles,
                if let Some(first) = hosts.first => Holder<String>(first) as last,
                ::suptree::ChildSpec::new::<Counter>("spec", move || numbers[0]) as spec,
            ],
        }
    }
}

#[tokio::test(start_paused = true)]
async fn r231_r232_lists_and_conditions_borrow_and_take() {
    let hosts = taken_apart::Hosts {
        first: Some("one".to_owned()),
        names: vec!["a".to_owned(), "b".to_owned()],
    };
    let app = taken_apart::Borrowing::start_link(hosts, vec![3, 5])
        .await
        .unwrap();
    for first in [app.first(), app.again(), app.last(), app.names()[0].clone()] {
        let text = first.value().await.unwrap();
        assert!(text == "one" || text == "a");
    }
    assert_eq!(app.pairs()[1].value().await, Ok((1, "b".to_owned())));
    assert_eq!(app.counters()[0].next().await, Ok(6));
    assert_eq!(app.handles()[0].value().await.unwrap().next().await, Ok(7));
    let whole = app.whole()[0].value().await.unwrap();
    assert_eq!((whole.0.len(), whole.1), (2, vec![3, 5]));
    assert_eq!(app.counter().next().await, Ok(4));
}

/// A function, a module and a field may be called like a child.
mod called_alike {
    use super::*;

    mod counter {
        pub(super) const START: u64 = 20;
    }

    struct At {
        counter: u64,
    }

    fn holder(counter: CounterClient) -> CounterClient {
        counter
    }

    async fn accept(counter: CounterClient) {
        let _seen = counter.next().await;
        suptree::stopping().await;
    }

    supervisor! {
        pub(super) Alike {
            strategy: one_for_one,
            children: [
                Counter(counter::START) as counter,
                Counter(At { counter: 30 }.counter) as other,
                Holder<CounterClient>(holder(counter)) as holder,
                task accept: accept(counter),
                supervisor Inner {
                    strategy: one_for_one,
                    children: [Holder<CounterClient>(holder(counter)) as inside],
                },
            ],
        }
    }
}

#[tokio::test(start_paused = true)]
async fn r232_functions_modules_and_fields_are_no_children() {
    let app = called_alike::Alike::start_link().await.unwrap();
    settle().await; // the task has counted
    assert_eq!(app.holder().value().await.unwrap().next().await, Ok(22));
    let inside = app.inner().inside().value().await.unwrap();
    assert_eq!(inside.next().await, Ok(23));
    assert_eq!(app.other().next().await, Ok(31));
    assert!(app.accept().is_alive());
}
