use suptree::prelude::*;

#[protocol]
trait Store {
    #[call]
    fn get(&self) -> u8;
}

#[derive(Default)]
struct Cache(u8);

#[genserver(protocol(Store))]
impl Cache {
    #[call]
    fn get(&self) -> u8 {
        self.0
    }
}

fn store(cache: CacheClient) -> StoreClient {
    cache.into()
}

fn main() {}
