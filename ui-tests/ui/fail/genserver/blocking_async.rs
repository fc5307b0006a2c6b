use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call(blocking)]
    async fn get(&self) -> u8 {
        self.0
    }
}

fn main() {}
