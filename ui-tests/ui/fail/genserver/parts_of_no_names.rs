use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver(parts())]
impl Cache {
    #[call]
    fn get(&self) -> u8 {
        self.0
    }
}

fn main() {}
