use suptree::prelude::*;

#[derive(Default)]
struct Cache(u64);

#[genserver]
impl Cache {
    #[call]
    fn put(&mut self, key: Option<String> value: u64) -> u64 {
        self.0 += value + u64::from(key.is_some());
        self.0
    }
}

async fn put(cache: CacheClient) -> Result<u64, CallError> {
    cache.put(None, 2).await
}

fn main() {}
