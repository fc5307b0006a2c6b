use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
pub impl Cache {
    #[call]
    fn get(&self) -> u8 {
        0
    }
}

fn main() {}
