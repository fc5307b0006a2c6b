use suptree::prelude::*;

#[derive(Default)]
struct Cache;

trait Store {
    fn get(&self) -> u8;
}

#[genserver]
impl Store for Cache {
    #[call]
    fn get(&self) -> u8 {
        0
    }
}

fn main() {}
