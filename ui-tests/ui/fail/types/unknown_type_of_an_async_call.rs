use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[call]
    async fn get(&self, key: u32) -> Valeu {
        key.into()
    }
}

fn main() {}
