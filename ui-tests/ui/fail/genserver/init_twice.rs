use suptree::prelude::*;

struct Cache(u8);

#[genserver]
impl Cache {
    #[init]
    fn empty() -> Self {
        Self(0)
    }
    #[init]
    fn full() -> Self {
        Self(255)
    }
}

fn main() {}
