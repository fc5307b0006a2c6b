use std::cell::Cell;

use suptree::prelude::*;

#[derive(Default)]
struct Cache(Cell<u8>);

#[genserver]
impl Cache {
    #[call]
    async fn get(&self) -> u8 {
        let now = self.0.get();
        std::future::ready(()).await;
        now
    }
}

fn main() {}
