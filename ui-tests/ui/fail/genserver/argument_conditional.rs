use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[cast]
    fn save(&mut self, #[cfg(unix)] new: u8) {
        drop(new);
    }
}

fn main() {}
