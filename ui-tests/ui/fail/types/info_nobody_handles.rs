use suptree::prelude::*;

#[derive(Default)]
struct Cache;

struct Tick;

#[genserver]
impl Cache {
    #[info]
    fn tick(&mut self, _tick: Tick) {}
}

async fn uses(cache: CacheClient) {
    let _ = cache.send(Tick).await;
    let _ = cache.send("tock").await;
}

fn main() {}
