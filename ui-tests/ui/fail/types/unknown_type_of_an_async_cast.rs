use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[cast]
    async fn set(&mut self, value: Valeu) {
        drop(value);
    }
}

fn main() {}
