use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver(parts)]
impl Cache {
    #[call]
    fn get(&self) -> u8 {
        self.0
    }
}

#[genserver(part)]
impl Cache {
    #[init]
    fn init() -> Self {
        Self(1)
    }
}

fn main() {}
