use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[every(60s)]
    fn sweep(&mut self) -> u8 {
        self.0
    }
}

fn main() {}
