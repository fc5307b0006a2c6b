use suptree::prelude::*;

struct Worker(u32);

#[genserver]
impl Worker {
    #[init]
    fn init(n: u32) -> Self {
        Self(n)
    }
}

supervisor! { Workers { dynamic: Worker(1) } }

fn main() {}
