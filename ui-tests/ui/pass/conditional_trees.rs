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

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = App::start_link(7).await?;
    app.cache().set(3).await?;
    assert_eq!(app.cache().get().await?, 3);
    assert_eq!(app.started().first().await?, 7);
    assert!(app.nothing().is_alive());
    Ok(())
}
