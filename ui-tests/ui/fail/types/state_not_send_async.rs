use std::rc::Rc;

use suptree::prelude::*;

#[derive(Default)]
struct Cache(Rc<u8>);

#[genserver]
impl Cache {
    #[call]
    async fn get(&mut self) -> u8 {
        tokio::task::yield_now().await;
        *self.0
    }

    #[cast]
    async fn set(&mut self, new: u8) {
        tokio::task::yield_now().await;
        self.0 = Rc::new(new);
    }

    #[info]
    fn tick(&mut self) {}

    #[terminate]
    async fn close(&mut self) {
        tokio::task::yield_now().await;
    }
}

fn main() {}
