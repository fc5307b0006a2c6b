use suptree::prelude::*;

struct Cache(u8);

#[genserver]
impl Cache {
    #[init]
    fn init(&mut self, start: u8) -> Self {
        Self(start + self.0)
    }
}

fn main() {}
