use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[call(timeout = never)]
    fn get(&self) {}
}

fn main() {}
