use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[cast]
    fn save(&mut self, new: Strng) {
        drop(new);
    }
}

fn main() {}
