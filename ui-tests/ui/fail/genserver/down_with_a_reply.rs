use suptree::prelude::*;

#[derive(Default)]
struct Pool(u32);

#[genserver]
impl Pool {
    #[down]
    fn closed(&mut self, _down: Down) -> u32 {
        self.0 += 1;
        self.0
    }
}

fn main() {}
