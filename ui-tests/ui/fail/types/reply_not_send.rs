use std::rc::Rc;

use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call]
    fn get(&self) -> Rc<u8> {
        Rc::new(self.0)
    }
}

fn main() {}
