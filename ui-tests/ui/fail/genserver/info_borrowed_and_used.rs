use suptree::prelude::*;

struct Tick(u64);

#[derive(Default)]
struct Cache(u64);

#[genserver]
impl Cache {
    #[call]
    fn get(&self) -> u64 {
        self.0
    }

    #[info]
    fn tick(&mut self, tick: &Tick) {
        self.0 += tick.0;
    }
}

async fn used(cache: CacheClient) {
    let _ = cache.send(Tick(1)).await;
}

fn main() {}
