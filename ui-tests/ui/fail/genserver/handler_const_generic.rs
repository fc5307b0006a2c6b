use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[call]
    fn sum<const N: usize>(&self, of: [u8; N]) -> u8 {
        of.iter().sum()
    }
}

fn main() {}
