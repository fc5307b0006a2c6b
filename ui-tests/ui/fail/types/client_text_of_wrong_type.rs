use suptree::prelude::*;

#[derive(Default)]
struct Cache(String);

#[genserver]
impl Cache {
    #[cast]
    fn save(&mut self, new: String) {
        self.0 = new;
    }
}

async fn uses(cache: CacheClient) {
    let _ = cache.save(1).await;
}

fn main() {}
