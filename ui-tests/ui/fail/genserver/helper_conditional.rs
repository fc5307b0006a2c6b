use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[cfg_attr(unix, call)]
    fn get(&self) -> u8 {
        self.0
    }
}

fn main() {}
