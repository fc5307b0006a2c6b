use std::rc::Rc;

use suptree::prelude::*;

#[derive(Default)]
struct Cache(Rc<u8>);

#[genserver]
impl Cache {
    #[call]
    fn get(&self) -> u8 {
        *self.0
    }
}

fn main() {}
