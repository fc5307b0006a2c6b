use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[call]
    fn get(&self) -> Option<Value> {
        None
    }
}

fn main() {}
