use suptree::prelude::*;

struct Cache(u8);

#[genserver]
impl Cache {
    #[started]
    fn started(&mut self) {}

    #[init]
    fn init(first: u8) -> Self {
        Self(first)
    }

    #[terminate]
    fn end(&mut self) {}
}

async fn start() -> Result<CacheClient, StartError> {
    Cache::start(1).await
}

fn main() {}
