use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call = "30s"]
    fn get(&self) -> u8 {
        self.0
    }
}

fn main() {}
