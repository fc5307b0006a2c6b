use suptree::prelude::*;

#[derive(Default)]
struct Session(u32);

#[genserver(idle = 30s)]
impl Session {
    #[timeout]
    fn over(&mut self, after: u32) {
        self.0 = after;
    }
}

fn main() {}
