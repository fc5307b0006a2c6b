use suptree::prelude::*;

struct Tick;

#[derive(Default)]
struct Cache(u64);

#[genserver]
impl Cache {
    #[info]
    fn tick(&mut self, _tick: Tick) -> u64 {
        self.0
    }
}

async fn used(cache: CacheClient) {
    let _ = cache.send(Tick).await;
    let _: Recipient<Tick> = cache.into();
}

fn main() {}
