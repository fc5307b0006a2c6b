use suptree::prelude::*;

#[derive(Default)]
struct Session(u32);

#[genserver(idle = 0s)]
impl Session {
    #[timeout]
    fn over(&mut self) {
        self.0 += 1;
    }
}

fn main() {}
