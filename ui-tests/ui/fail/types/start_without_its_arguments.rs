use suptree::prelude::*;

struct Cache(u8);

#[genserver]
impl Cache {
    #[init]
    fn init(start: u8) -> Self {
        Self(start)
    }
    #[call]
    fn get(&self) -> u8 {
        self.0
    }
}

async fn uses() {
    let _ = Cache::start_link().await;
}

fn main() {}
