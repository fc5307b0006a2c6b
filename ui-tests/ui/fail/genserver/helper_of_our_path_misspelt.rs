use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[suptree::get]
    fn get(&self) -> u8 {
        self.0
    }
}

fn main() {}
