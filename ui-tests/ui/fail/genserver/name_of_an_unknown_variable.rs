use suptree::prelude::*;

struct Cache(u8);

#[genserver(name = key)]
impl Cache {
    #[init]
    fn init(start: u8) -> Self {
        Self(start)
    }
}

fn main() {}
