use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[info(timeout = 5)]
    fn get(&self) {}
}

fn main() {}
