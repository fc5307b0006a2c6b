use std::rc::Rc;

use suptree::prelude::*;

struct Cache(u8);

#[genserver]
impl Cache {
    #[init]
    async fn init() -> Self {
        let shared = Rc::new(1);
        std::future::ready(()).await;
        Self(*shared)
    }
}

fn main() {}
