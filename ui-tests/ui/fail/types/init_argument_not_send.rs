use std::rc::Rc;

use suptree::prelude::*;

struct Cache(u8);

#[genserver]
impl Cache {
    #[init]
    fn init(start: Rc<u8>) -> Self {
        Self(*start)
    }
}

fn main() {}
