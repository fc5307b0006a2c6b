use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver(name = "cache")]
impl Cache {
    #[call]
    fn get(&self) -> u8 {
        self.0
    }
}

#[derive(Default)]
struct Counter(u8);

#[genserver(name = "counter")]
impl Counter {
    #[call]
    fn count(&self) -> u8 {
        self.0
    }
}

fn uses() -> CacheClient {
    Counter::named()
}

fn main() {}
