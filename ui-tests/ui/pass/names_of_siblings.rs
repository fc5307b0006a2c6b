//! Names that mean a sibling, a parameter of the supervisor around, or what a pattern has bound.

#![deny(warnings)]

use suptree::prelude::*;

#[derive(Default)]
struct Store(u32);

#[genserver]
impl Store {
    #[call]
    fn one(&self) -> u32 {
        1
    }
}

struct Front(StoreClient);

#[genserver]
impl Front {
    #[init]
    fn init(store: StoreClient) -> Self {
        Self(store)
    }

    #[call]
    async fn one(&self) -> Result<u32, CallError> {
        self.0.one().await
    }
}

struct Number(u32);

#[genserver]
impl Number {
    #[init]
    fn init(number: u32) -> Self {
        Self(number)
    }

    #[call]
    fn get(&self) -> u32 {
        self.0
    }
}

trait Two {
    fn two(self) -> u32;
}

impl Two for StoreClient {
    fn two(self) -> u32 {
        2
    }
}

impl Two for u32 {
    fn two(self) -> u32 {
        self
    }
}

supervisor! {
    // The pattern of a condition goes before the sibling, but not in what it is taken from.
    Shop(maybe: Option<u32>) {
        strategy: one_for_one,
        children: [
            Store,
            if let Some(store) = Some(store) => Front(store) as first,
            if let Some(store) = Some(store) && true => Front(store) as second,
            for store in [store] => Front(store) as listed,
            if let Some(maybe) = maybe && maybe > 1 => Number(maybe) as number,
            if let Some(maybe) = Some(maybe.unwrap_or(3)) => Number(maybe) as always,
            if let Some(store) = Some(store) => task watch: async {
                let _one = store.one().await;
                suptree::stopping().await;
            },
            supervisor Inside {
                strategy: one_for_one,
                children: [
                    if let Some(store) = Some(store) => Front(store) as outer,
                    supervisor Deep {
                        strategy: one_for_one,
                        children: [
                            Store,
                            if let Some(store) = Some(store) => Front(store) as own,
                        ],
                    },
                ],
            },
        ],
    }
}

supervisor! {
    // A child that is cut off hides no parameter of its name.
    Tree(store: u32) {
        strategy: one_for_one,
        children: [
            supervisor Cut {
                strategy: one_for_one,
                children: [#[cfg(any())] NoSuchServer as store, Number(store.two())],
            },
            supervisor Kept {
                strategy: one_for_one,
                children: [#[cfg(all())] Store as store, Number(store.two())],
            },
            supervisor Hidden {
                strategy: one_for_one,
                children: [Store as store, Number(store.two())],
            },
        ],
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let shop = Shop::start_link(Some(2)).await?;
    assert_eq!(shop.first().one().await??, 1);
    assert_eq!(shop.number().get().await?, 2);
    assert_eq!(shop.always().get().await?, 2);
    let own = shop.inside().deep().own();
    assert_eq!(own.one().await??, 1);
    let tree = Tree::start_link(5_u32).await?;
    assert_eq!(tree.cut().number().get().await?, 5);
    assert_eq!(tree.kept().number().get().await?, 2);
    assert_eq!(tree.hidden().number().get().await?, 2);
    Ok(())
}
