use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[call]
    fn get(&self) -> u8
    where
        String: Clone,
    {
        0
    }
}

fn main() {}
