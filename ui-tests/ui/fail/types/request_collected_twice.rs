use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call]
    fn get(&self) -> u8 {
        self.0
    }
}

fn collect(cache: &CacheClient) -> [impl Future<Output = Result<u8, CallError>>; 2] {
    let request = cache.get();
    [request, request]
}

fn main() {}
