mod cache {
    use suptree::prelude::*;

    #[derive(Default)]
    pub struct Cache(u8);

    #[genserver]
    impl Cache {
        #[call]
        pub fn get(&self) -> u8 {
            self.0
        }
        #[cast]
        fn save(&mut self, new: u8) {
            self.0 = new;
        }
    }
}

async fn uses(cache: cache::CacheClient) {
    let _ = cache.get().await;
    let _ = cache.save(1).await;
}

fn main() {}
