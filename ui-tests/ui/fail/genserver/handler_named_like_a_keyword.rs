use suptree::prelude::*;

#[derive(Default)]
struct Cache(u64);

#[genserver]
impl Cache {
    #[call]
    fn match(&self) -> u64 {
        self.0
    }

    #[call]
    fn other(&self) {}
}

fn main() {}
