use std::rc::Rc;

use suptree::prelude::*;

async fn fetch(from: u8) -> u8 {
    let shared = Rc::new(from);
    std::future::ready(()).await;
    *shared
}

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call]
    async fn get(&mut self) -> u8 {
        let from = self.0;
        fetch(from).await
    }
}

fn main() {}
