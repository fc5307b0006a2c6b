use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[call]
    const SIZE: u8 = 4;
}

fn main() {}
