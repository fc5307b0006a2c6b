use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[every(60)]
    fn sweep(&mut self) {
        self.0 = 0;
    }
}

fn main() {}
