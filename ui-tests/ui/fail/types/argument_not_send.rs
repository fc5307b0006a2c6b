use std::rc::Rc;

use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[cast]
    fn save(&mut self, new: Rc<u8>) {
        self.0 = *new;
    }
}

fn main() {}
