//! `#[cfg]` on children, handlers, hooks and blocks: what is cut off may be of types that do not exist.

#![deny(warnings)]

use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[cfg(any())]
#[genserver]
impl NoSuchServer {
    #[call]
    fn get(&self) -> NoSuchType {}
}

#[genserver]
#[cfg(all())]
impl Cache {
    #[call]
    #[cfg(any())]
    fn get(&self, key: NoSuchType) -> NoSuchType {
        key
    }

    #[call]
    #[cfg(all())]
    fn get(&self) -> u8 {
        self.0
    }

    #[cfg_attr(all(), cfg(any()))]
    #[cast]
    fn set(&mut self, new: NoSuchType) {}

    #[cfg(not(any()))]
    #[cast]
    async fn set(&mut self, new: u8) {
        self.0 = new;
    }

    #[cfg(any())]
    #[info]
    fn tick(&mut self, tick: NoSuchType) {}

    #[cfg(any())]
    #[terminate]
    async fn bye(&mut self) {}

    #[cfg(any())]
    #[down]
    fn down(&mut self, down: Down) {}
}

#[derive(Default)]
struct Nothing;

#[genserver]
impl Nothing {
    #[cfg(any())]
    #[call]
    fn get(&self) {}

    #[cfg(any())]
    #[cast]
    async fn set(&mut self) {}

    #[cfg(any())]
    #[info]
    fn tick(&mut self, tick: u8) {}
}

supervisor! {
    App(first: u8) {
        strategy: one_for_one,
        children: [
            #[cfg(any())]
            NoSuchServer(no_such_value),
            Cache,
            #[cfg(all())]
            Nothing as nothing,
            #[cfg(any())]
            supervisor Absent { strategy: one_for_all, children: [NoSuchServer] },
            Started(first),
        ],
    }
}

struct Started(u8);

#[genserver]
impl Started {
    #[init]
    fn init(first: u8) -> Self {
        #[cfg(any())]
        let first = no_such_value;
        Self(first)
    }

    #[call]
    fn first(&self) -> u8 {
        self.0
    }
}

struct Front(CacheClient);

#[genserver]
impl Front {
    #[init]
    fn init(cache: CacheClient) -> Self {
        Self(cache)
    }

    #[call]
    async fn get(&self) -> Result<u8, CallError> {
        self.0.get().await
    }
}

async fn watch(cache: CacheClient, _also: CacheClient) {
    std::future::pending::<()>().await;
    drop(cache);
}

// Who uses what is not there is not there either; of two under one name there is one.
supervisor! {
    Shop(first: u8) {
        strategy: one_for_one,
        children: [
            #[cfg(all())]
            Cache as store,
            #[cfg_attr(all(), cfg(any()))]
            NoSuchServer as store,
            #[cfg(any())]
            Cache as absent,
            #[cfg(any())]
            Started(first),
            #[cfg(any())]
            Front(absent) as nobody,
            Front(store),
            Front(store.clone()) as clerk,
            task watch: watch(store.clone(), store),
            for store in [store.clone(), store] => Front(store) as shelves,
            if let Some(open) = Some(store) => Front(open) as till,
            supervisor Cellar {
                strategy: one_for_one,
                children: [
                    Front(store) as keeper,
                    #[cfg(any())]
                    Front(absent) as ghost,
                    supervisor Shelf {
                        strategy: one_for_one,
                        children: [Front(store), #[cfg(any())] Front(absent) as ghost],
                    },
                    dynamic guests: Front { extra_arguments: [store] },
                    partition lines: Front(store) { partitions: 2 },
                ],
            },
            #[cfg(any())]
            supervisor Attic {
                strategy: one_for_one,
                children: [
                    Front(absent) as ghost,
                    supervisor Chest { strategy: one_for_one, children: [Front(absent)] },
                    dynamic ghosts: NoSuchServer,
                ],
            },
        ],
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

// What is under a condition may be all that mentions a parameter.
supervisor! {
    Vault<T: Clone + Send + 'static>(value: T) {
        strategy: one_for_one,
        children: [
            #[cfg(all())]
            Held<T>(value) as held,
            #[cfg(any())]
            Held<NoSuchType>(value) as held,
            #[cfg(any())]
            Held<T>(value) as absent,
            supervisor Door {
                strategy: one_for_one,
                children: [
                    Held<HeldClient<T>>(held) as both,
                    #[cfg(any())]
                    Held<HeldClient<T>>(absent) as none,
                ],
            },
        ],
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = App::start_link(7).await?;
    app.cache().set(3).await?;
    assert_eq!(app.cache().get().await?, 3);
    assert_eq!(app.started().first().await?, 7);
    assert!(app.nothing().is_alive());

    let shop = Shop::start_link(7).await?;
    shop.store().set(5).await?;
    assert_eq!(shop.cellar().shelf().front().get().await??, 5);
    assert_eq!(shop.till().get().await??, 5);
    let guest = shop.cellar().guests().start_child(()).await?;
    assert_eq!(guest.get().await??, 5);

    let vault = Vault::start_link(9).await?;
    assert_eq!(vault.door().both().get().await?.get().await?, 9);
    Ok(())
}
