use suptree::prelude::*;

struct Cache(u8);

#[genserver(name = id)]
impl Cache {
    #[init]
    fn init(id: u8) -> Self {
        Self(id)
    }
    #[call]
    fn get(&self) -> u8 {
        self.0
    }
}

async fn uses() {
    let _ = Cache::named().get().await;
}

fn main() {}
