use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call(deadline = 30s)]
    fn get(&self) -> u8 {
        self.0
    }
}

fn main() {}
