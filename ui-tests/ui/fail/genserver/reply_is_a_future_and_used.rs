use suptree::prelude::*;

#[derive(Default)]
struct Cache(u32);

#[genserver]
impl Cache {
    #[call]
    fn get(&self) -> impl Future<Output = u32> {
        let value = self.0;
        async move { value }
    }
}

async fn get(cache: CacheClient) -> Result<u32, CallError> {
    cache.get().await
}

fn main() {}
