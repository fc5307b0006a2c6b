use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[every(60s, 5s)]
    fn sweep(&mut self) {
        self.0 = 0;
    }
}

fn main() {}
