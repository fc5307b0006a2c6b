use suptree::prelude::*;

#[derive(Default)]
struct Counter(u8);

#[genserver]
impl Counter {
    #[cast]
    fn add(&mut self, by: u8 = 1) {
        self.0 += by;
    }
}

fn main() {}
