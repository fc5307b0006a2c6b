use suptree::prelude::*;

#[derive(Default)]
struct Pool(u32);

#[genserver]
impl Pool {
    #[down]
    fn closed(&mut self) {
        self.0 += 1;
    }
}

fn main() {}
