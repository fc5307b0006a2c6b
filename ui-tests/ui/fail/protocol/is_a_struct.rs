use suptree::prelude::*;

struct KeyValue;

#[derive(Default)]
struct Memory;

#[genserver(protocols(KeyValue))]
impl Memory {
    #[call]
    fn get(&self, _key: String) -> Option<u64> {
        None
    }
}

fn main() {}
