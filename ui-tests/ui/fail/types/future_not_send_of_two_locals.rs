use std::rc::Rc;

use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call]
    async fn get(&self) -> u8 {
        let one = 1;
        let shared = Rc::new(self.0);
        std::future::ready(()).await;
        *shared + one
    }
}

fn main() {}
