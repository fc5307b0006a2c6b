#![deny(deprecated)]

use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call]
    #[deprecated = "use `fetch`"]
    fn get(&self) -> u8 {
        self.0
    }
}

async fn uses(cache: CacheClient) {
    let _ = cache.get().await;
}

fn main() {}
