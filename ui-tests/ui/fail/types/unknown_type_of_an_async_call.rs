use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[call]
    async fn get(&self, key: u32) -> Valeu {
        todo!("{key}")
    }
}

fn main() {}
