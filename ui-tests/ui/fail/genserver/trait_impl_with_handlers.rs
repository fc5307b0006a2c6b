use suptree::prelude::*;

#[derive(Default)]
struct Cache;

trait Store {
    fn get(&self) -> u8;
    fn load(&self, key: u8) -> u8;
}

#[genserver]
impl Store for Cache {
    #[call]
    fn get(&self) -> u8 {
        0
    }

    #[call(timeout = 30s)]
    fn load(&self, key: u8) -> u8 {
        key
    }
}

fn main() {
    let _ = Cache.get() + Cache.load(1);
}
