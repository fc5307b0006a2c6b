use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver(client = clients::Cached)]
impl Cache {
    #[call]
    fn get(&self) -> u8 {
        self.0
    }
}

fn main() {}
