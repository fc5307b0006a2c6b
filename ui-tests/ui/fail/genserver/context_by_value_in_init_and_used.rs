use suptree::prelude::*;

struct Counter(u64);

#[genserver]
impl Counter {
    #[init]
    fn init(_cx: Context<Self>, n: u64) -> Self {
        Self(n)
    }
    #[cast]
    fn add(&mut self) {
        self.0 += 1;
    }
}

async fn start() {
    let _ = Counter::start_link(1).await;
}

fn main() {}
