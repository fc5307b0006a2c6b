use suptree::prelude::*;

struct Cache;

#[genserver]
impl Cache {
    #[init]
    fn init(_size: u8) -> Self {
        Self
    }
}

supervisor! {
    Caches(#[cfg(any())] size: u8) { dynamic: Cache, extra_arguments: [size] }
}

fn main() {}
