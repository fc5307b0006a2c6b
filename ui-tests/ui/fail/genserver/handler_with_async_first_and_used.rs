use suptree::prelude::*;

#[derive(Default)]
struct Cache(u64);

#[genserver]
impl Cache {
    #[call]
    async pub(crate) fn get(&self) -> u64 {
        self.0
    }

    #[call]
    fn other(&self) {}
}

async fn get(cache: CacheClient) -> Result<u64, CallError> {
    cache.other().await?;
    cache.get().await
}

fn main() {}
