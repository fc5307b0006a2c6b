use suptree::prelude::*;

#[derive(Default)]
struct Cache(u64);

#[genserver]
impl Cache {
    #[cast(task)]
    fn get(&self) -> impl Future<Output = u64> + use<> {
        let value = self.0;
        async move { value }
    }
}

async fn get(cache: CacheClient) -> Result<u64, CallError> {
    cache.get().await
}

fn main() {}
