use suptree::prelude::*;

struct Counter(u64);

#[genserver]
impl Counter {
    #[init]
    fn init(start: u64) -> Self {
        Self(start)
    }
    #[call]
    fn value(&self) -> u64 {
        self.0
    }
}

supervisor! {
    App(n: u64) {
        strategy: one_for_one,
        children: [for i in 0..n => supervisor Shard { strategy: one_for_one, children: [Counter(i)] }],
    }
}

fn main() {}
