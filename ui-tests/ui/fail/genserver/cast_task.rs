use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[cast(task)]
    fn set(&mut self, new: u8) {
        self.0 = new;
    }
}

fn main() {}
