use std::cell::RefCell;
use std::rc::Rc;

use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[cast]
    async fn save(&mut self, new: u8) {
        let one = 1;
        let shared = Rc::new(RefCell::new(new));
        std::future::ready(()).await;
        self.0 = *shared.borrow() + one;
    }
}

fn main() {}
