use suptree::prelude::*;

#[derive(Default)]
struct Cache(u32);

#[genserver]
impl Cache {
    #[call(task)]
    async fn get(&self) -> u32 {
        self.0
    }
}

async fn get(cache: CacheClient) -> Result<u32, CallError> {
    cache.get().await
}

fn main() {}
