use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call(timeout = 0s)]
    fn get(&self) -> u8 {
        self.0
    }
}

fn main() {}
