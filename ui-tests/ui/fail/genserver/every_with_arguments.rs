use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[every(60s)]
    fn sweep(&mut self, _times: u8) {
        self.0 = 0;
    }
}

fn main() {}
