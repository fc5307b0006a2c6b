use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[cast]
    fn save(&mut self, new: u8) -> u8 {
        std::mem::replace(&mut self.0, new)
    }
}

fn main() {}
