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

#[genserver(part, restart = transient)]
impl Cache {
    #[cast]
    fn save(&mut self, new: u8) {
        self.0 = new;
    }
}

fn main() {}
