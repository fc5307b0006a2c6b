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
    App(
        /// How much there is in it.
        size: u8,
    ) {
        strategy: one_for_one,
        children: [Cache(size)],
    }
}

fn main() {}
