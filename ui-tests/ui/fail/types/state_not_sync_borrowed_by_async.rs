use std::cell::RefCell;

use suptree::prelude::*;

#[derive(Default)]
struct Db(RefCell<Vec<u32>>);

#[genserver]
impl Db {
    #[call]
    async fn count(&self) -> usize {
        std::future::ready(()).await;
        self.0.borrow().len()
    }

    // A plain `fn` borrows it as it likes, and `&mut self` is alone with it.
    #[call]
    fn first(&self) -> Option<u32> {
        self.0.borrow().first().copied()
    }

    #[cast]
    async fn add(&mut self, number: u32) {
        std::future::ready(()).await;
        self.0.get_mut().push(number);
    }
}

fn main() {}
