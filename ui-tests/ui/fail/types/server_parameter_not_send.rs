use std::rc::Rc;

use suptree::prelude::*;

#[derive(Default)]
struct Cache<T>(T);

#[genserver]
impl<T: Default + Clone> Cache<T> {
    #[call]
    fn get(&self) -> T {
        self.0.clone()
    }
}

fn uses() {
    let _ = Cache::<Rc<u8>>::start_link();
}

fn main() {}
