use suptree::prelude::*;

struct Cache(u8);

#[genserver]
impl Cache {
    #[init]
    fn init() -> u8 {
        Cache(0).0
    }
}

fn main() {}
