use suptree::prelude::*;

struct Cache;

#[genserver]
impl Cache {
    #[init]
    fn init(path: &str) -> Self {
        drop(path.len());
        Self
    }
}

fn main() {}
