use std::rc::Rc;

use suptree::prelude::*;

#[derive(Default)]
struct Cache(Rc<u8>);

#[genserver(parts)]
impl Cache {
    #[call]
    fn get(&self) -> u8 {
        *self.0
    }
}

#[genserver(part)]
impl Cache {
    #[call]
    async fn slow(&mut self) -> u8 {
        tokio::task::yield_now().await;
        *self.0
    }
}

fn main() {}
