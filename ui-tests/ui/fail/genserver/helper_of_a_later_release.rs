use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[code_change]
    fn closed(&mut self) {
        self.0 = 1;
    }
}

fn main() {}
