use suptree::prelude::*;

#[derive(Default)]
struct Session(u32);

#[genserver(idle = 30s)]
impl Session {
    #[cast]
    fn visit(&mut self) {
        self.0 += 1;
    }
}

fn main() {}
