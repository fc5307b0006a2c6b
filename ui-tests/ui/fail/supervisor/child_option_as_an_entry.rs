use suptree::prelude::*;

struct Worker(u32);

#[genserver]
impl Worker {
    #[init]
    fn init(n: u32) -> Self {
        Self(n)
    }
}

supervisor! { App { strategy: one_for_one, children: [Worker(1), restart: transient] } }

fn main() {}
