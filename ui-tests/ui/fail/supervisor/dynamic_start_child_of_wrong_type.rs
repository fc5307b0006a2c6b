use suptree::prelude::*;

struct Counter(u64);

#[genserver]
impl Counter {
    #[init]
    fn init(start: u64) -> Self {
        Self(start)
    }
    #[call]
    fn get(&self) -> u64 {
        self.0
    }
}

supervisor! { Counters { dynamic: Counter } }

async fn uses(counters: Counters) {
    let _ = counters.start_child("one").await;
}

fn main() {}
