use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[down]
    fn closed(&mut self) {
        self.0 = 1;
    }
}

fn main() {}
