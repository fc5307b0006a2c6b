use suptree::prelude::*;

#[derive(Default)]
struct Cache(String);

#[genserver(nmae = "cache", restart = never)]
impl Cache {
    #[call]
    fn get(self) -> String {
        self.0
    }
    #[cast]
    fn save(&mut self, new: &str) {
        self.0 = new.to_owned();
    }
    #[cal]
    fn len(&self) -> usize {
        self.0.len()
    }
    #[call]
    fn map<T: ToString>(&self, with: T) -> String {
        self.0.clone() + &with.to_string()
    }
}

async fn uses(cache: CacheClient) {
    let _ = cache.get().await;
    let _ = cache.save("hola").await;
}

fn main() {}
