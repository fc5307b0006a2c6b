use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(nam = "cache")]
impl Cache {}

fn cache() -> CacheClient {
    Cache::named()
}

fn main() {}
