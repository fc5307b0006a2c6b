use suptree::prelude::*;

#[derive(Default)]
struct Counter(u64);

#[genserver(parts)]
impl Counter {}

#[genserver(part)]
impl Counter {
    #[call]
    fn get(&self) -> u64 {
        self.0
    }

    #[continue]
    fn load(&mut self) {
        self.0 = 1;
    }
}

fn main() {}
