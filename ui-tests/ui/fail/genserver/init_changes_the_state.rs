use suptree::prelude::*;

struct Cache(u32);

#[genserver]
impl Cache {
    #[init]
    fn init(&mut self, size: u32) {
        self.0 = size;
    }

    #[call]
    fn size(&self) -> u32 {
        self.0
    }
}

async fn start() -> Result<CacheClient, StartError> {
    Cache::start_link(1).await
}

fn main() {}
