use suptree::prelude::*;

struct Worker(u32);

#[genserver]
impl Worker {
    #[init]
    fn init(n: u32) -> Self {
        Self(n)
    }
}

supervisor! { App(count: u32) { strategy: one_for_one, children: [for n in 0..count { Worker(n) }] } }

fn main() {}
