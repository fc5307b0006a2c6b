use suptree::prelude::*;

#[derive(Default)]
struct Cache(Vec<u64>);

#[genserver(parts(Admin))]
impl Cache {
    #[call]
    fn size(&self) -> usize {
        self.0.len()
    }
}

#[genserver(part = Admin)]
impl Cache {
    #[cast]
    fn set(&mut self, _limits: Limits) {}
}

async fn used(cache: CacheClient) {
    let _ = cache.size().await;
}

fn main() {}
