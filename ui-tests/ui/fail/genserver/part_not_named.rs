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

#[genserver(part)]
impl Cache {
    #[cast]
    fn save(&mut self, new: u8) {
        self.0 = new;
    }
}

fn main() {
    let _ = async {
        let cache = Cache::start().await.unwrap();
        let _ = cache.save(1).await;
        let _ = cache.get().await;
    };
}
