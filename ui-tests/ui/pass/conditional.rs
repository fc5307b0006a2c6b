//! What `#[cfg]` takes away is taken away altogether: its types do not exist.

#![deny(warnings)]
#![allow(dead_code)]

use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver(trap_exit)]
impl Cache {
    #[cfg(any())]
    #[call]
    fn gone(&self, with: Gone) -> Gone {
        with
    }

    #[cfg_attr(all(), cfg(any()))]
    #[cast]
    async fn gone_too(&mut self, with: Gone) {
        drop(with);
    }

    #[call]
    #[cfg(all())]
    fn get(&self) -> u8 {
        self.0
    }

    // One or the other.
    #[cast]
    #[cfg(any())]
    fn save(&mut self, new: Gone) {
        drop(new);
    }

    #[cast]
    #[cfg(not(any()))]
    fn save(&mut self, new: u8) {
        self.0 = new;
    }

    #[cfg(any())]
    #[info]
    fn tick(&mut self, tick: Gone) {}

    #[cfg(any())]
    #[exit]
    fn exit(&mut self, from: Gone, reason: ExitReason) {}

    #[cfg(any())]
    #[terminate]
    fn close(&mut self, reason: &Gone) {}
}

#[cfg(any())]
#[genserver]
impl Gone {
    #[call]
    fn get(&self) {}
}

supervisor! {
    App {
        strategy: one_for_one,
        children: [
            Cache,
            #[cfg(any())]
            Gone,
            #[cfg(any())]
            Gone(1) as one,
            #[cfg(not(any()))]
            Cache as one,
        ],
    }
}

supervisor! {
    #[cfg(any())]
    Nothing { strategy: one_for_one, children: [Gone] }
}

async fn uses(app: App) {
    let _ = app.cache().get().await;
    let _ = app.one().save(1).await;
}

fn main() {}
