use suptree::prelude::*;

struct Counter(u64);

#[genserver]
impl Counter {
    #[init]
    fn init(start: u64) -> Self {
        Self(start)
    }
}


supervisor! { App { strategy: one_for_one, children: [Counter(1) { id: low, restart: transient }] } }

fn main() {}
