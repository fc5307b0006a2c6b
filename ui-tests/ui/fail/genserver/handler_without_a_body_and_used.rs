use suptree::prelude::*;

#[derive(Default)]
struct Cache(u64);

#[genserver]
impl Cache {
    #[call]
    fn get(&self) -> u64;
}

async fn get(cache: CacheClient) -> Result<u64, CallError> {
    cache.get().await
}

fn main() {}
