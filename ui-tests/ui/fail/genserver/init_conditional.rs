use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[cfg(unix)]
    #[init]
    fn init() -> Self {
        Self
    }
}

fn main() {}
