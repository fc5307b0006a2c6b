use suptree::prelude::*;

struct Saved(u8);

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[cast]
    fn save(&mut self, new: u8) -> Saved {
        self.0 = new;
        Saved(new)
    }
}

fn main() {}
