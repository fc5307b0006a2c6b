use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call(timeout = 30)]
    fn get(&self) -> u8 {
        self.0
    }
}

fn main() {}
