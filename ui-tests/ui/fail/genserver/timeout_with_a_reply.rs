use suptree::prelude::*;

#[derive(Default)]
struct Session(u32);

#[genserver(idle = 30s)]
impl Session {
    #[timeout]
    fn over(&mut self) -> u32 {
        self.0
    }
}

fn main() {}
