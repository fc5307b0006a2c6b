use suptree::prelude::*;

struct Cache(f64);

#[genserver(name = ratio)]
impl Cache {
    #[init]
    fn init(ratio: f64) -> Self {
        Self(ratio)
    }
}

fn main() {}
