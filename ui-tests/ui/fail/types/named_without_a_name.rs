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

async fn uses() {
    let _ = Cache::named().get().await;
}

fn main() {}
