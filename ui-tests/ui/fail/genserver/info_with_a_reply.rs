use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[info]
    fn tick(&mut self) -> Option<u8> {
        Some(self.0)
    }
}

fn main() {}
