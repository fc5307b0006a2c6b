use suptree::prelude::*;

#[derive(Default)]
struct Cache(u64);

#[genserver]
impl Cache {
    #[cast(timeout = 5s)]
    fn get(&self) -> u64 {
        self.0
    }
}

async fn get(cache: CacheClient) -> Result<u64, CallError> {
    cache.get().await
}

fn main() {}
