use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[call]
    fn all(&self) -> impl Iterator<Item = u8> {
        0..4
    }
}

fn main() {}
