//! `#[cfg]` on the arguments, the name and the entries of a supervisor, and on arguments of children: what is cut off may be of types
//! that do not exist.

#![deny(warnings)]

use suptree::prelude::*;

#[derive(Clone)]
struct Config(u8);

struct Store(String);

#[genserver]
impl Store {
    #[init]
    fn init(path: String, size: u8) -> Self {
        Self(format!("{path} {size}"))
    }

    #[call]
    fn path(&self) -> String {
        self.0.clone()
    }
}

struct Held<T>(T);

#[genserver]
impl<T: Clone + Send + 'static> Held<T> {
    #[init]
    fn init(value: T) -> Self {
        Self(value)
    }

    #[call]
    fn get(&self) -> T {
        self.0.clone()
    }
}

supervisor! {
    App(
        path: String,
        #[cfg(all(true, not(false)))] config: Config,
        #[cfg(not(all(true, not(false))))] config: NoSuchType,
        #[cfg(any())] absent: NoSuchType,
        #[cfg(all())] name = "conditional",
        #[cfg(not(all()))] name = NO_SUCH_NAME,
    ) {
        strategy: one_for_one,
        #[cfg(all())]
        max_restarts: 4,
        #[cfg(not(all()))]
        max_restarts: NO_SUCH_NUMBER,
        children: [
            #[cfg(all())]
            Store(path, config.0),
            #[cfg(any())]
            Store(path, absent.size) as none,
            supervisor Inner(#[cfg(any())] name = "inner") {
                strategy: one_for_one,
                #[cfg(any())]
                max_seconds: NO_SUCH_NUMBER,
                children: [Store("inner", config.0) as store],
            },
            Store(#[cfg(any())] path.none(), #[cfg(all())] path, 1) as first,
            Store(#[cfg(all())] path.clone(), #[cfg(any())] path, 2) as second,
        ],
    }
}

// One argument, or none; and those of an attribute that is there itself under a condition.
supervisor! {
    One(#[cfg_attr(all(), cfg(all()))] first: u8, #[cfg_attr(all(), cfg(any()))] second: u8) {
        strategy: one_for_one,
        children: [#[cfg(all())] Held<u8>(first) as held, #[cfg(any())] Held<u8>(second) as held],
    }
}

supervisor! {
    None(#[cfg(any())] value: NoSuchType) {
        strategy: one_for_one,
        children: [#[cfg(any())] Held<NoSuchType>(value) as held],
    }
}

supervisor! {
    Vault<T: Clone + Send>(#[cfg(all())] all: Vec<T>, #[cfg(any())] all: NoSuchType<T>, one: T) {
        strategy: one_for_one,
        children: [#[cfg(all())] Held<Vec<T>>(all) as all_held, Held<T>(one) as held],
    }
}

// Each gets as many extra arguments as there are, and what is started on demand is given as many as it has.
supervisor! {
    Shelf(#[cfg(all())] value: u8, #[cfg(any())] path: NoSuchType) {
        dynamic: Held<u8>,
        #[cfg(all())]
        extra_arguments: [value],
        #[cfg(any())]
        extra_arguments: [path],
    }
}

supervisor! { OnDemand { dynamic: App | One } }

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = App::start_link("data", Config(3)).await?;
    assert_eq!(app.store().path().await?, "data 3");
    assert_eq!(app.inner().store().path().await?, "inner 3");
    assert_eq!(app.first().path().await?, "data 1");
    assert_eq!(app.second().path().await?, "data 2");
    assert_eq!(App::named().pid(), app.pid());
    app.stop().await?;

    assert_eq!(One::start_link(5).await?.held().get().await?, 5);
    None::start_link().await?;
    assert_eq!(Vault::start_link(vec![1], 2).await?.all_held().get().await?, [1]);
    assert_eq!(Shelf::start_link(7).await?.start_child(()).await?.get().await?, 7);

    let on_demand = OnDemand::start_link().await?;
    let app = on_demand.start_child::<App>(("data", Config(1))).await?;
    assert_eq!(app.store().path().await?, "data 1");
    assert_eq!(on_demand.start_child::<One>(6).await?.held().get().await?, 6);
    Ok(())
}
