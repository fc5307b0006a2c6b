use suptree::prelude::*;

struct Cache(u8);

#[genserver]
impl Cache {
    #[init]
    fn init(start: u8) {
        drop(Cache(start).0);
    }
}

fn main() {}
