use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[call]
    fn get(key: u8) -> u8 {
        key
    }
}

fn main() {}
