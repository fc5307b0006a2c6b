use std::rc::Rc;

use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call]
    async fn get(&mut self) -> u8 {
        let shared = Rc::new(1);
        tokio::join!(std::future::ready(()), std::future::ready(()));
        let own = *shared;
        std::future::ready(()).await;
        own
    }
}

fn main() {}
