#![deny(unused_must_use)]

use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[cast]
    fn save(&mut self, new: u8) {
        self.0 = new;
    }
}

async fn uses(cache: CacheClient) {
    cache.save(1);
}

fn main() {}
