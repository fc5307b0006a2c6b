use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call(task)]
    async fn get(&self) -> u8 {
        self.0
    }
}

fn main() {}
