use suptree::prelude::*;

#[derive(Default)]
struct Pool(u32);

#[genserver]
impl Pool {
    #[down]
    fn closed(&mut self, _down: Down) {
        self.0 += 1;
    }

    #[down]
    fn gone(&mut self, _down: Down) {
        self.0 += 1;
    }
}

fn main() {}
