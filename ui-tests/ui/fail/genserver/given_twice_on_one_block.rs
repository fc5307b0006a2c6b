use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
#[genserver(name = "cache")]
impl Cache {
    #[call]
    fn get(&self) -> u8 {
        self.0
    }
}

async fn uses() {
    let cache = Cache::start().await.unwrap();
    cache.get().await.unwrap();
}

fn main() {}
