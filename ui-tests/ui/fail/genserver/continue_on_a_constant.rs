use suptree::prelude::*;

#[derive(Default)]
struct Counter(u64);

#[genserver]
impl Counter {
    #[continue]
    const FIRST: u64 = 1;

    #[call]
    fn get(&self) -> u64 {
        self.0 + Self::FIRST
    }
}

fn main() {}
