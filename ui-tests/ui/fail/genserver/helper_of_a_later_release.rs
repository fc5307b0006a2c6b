use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[handle_continue]
    fn load(&mut self) {
        self.0 = 1;
    }
}

fn main() {}
