use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(name: "cache")]
impl Cache {}

fn cache() -> CacheClient {
    Cache::named()
}

fn main() {}
