use suptree::prelude::*;
use suptree::protocol;

#[protocol]
trait KeyValue {
    #[call]
    fn get(&self, key: String) -> Option<u64>;
}

#[derive(Default)]
struct Memory;

#[genserver(protocols(KeyValue))]
impl Memory {
    #[call]
    fn get(&self, _key: String, _default: u64) -> Option<u64> {
        None
    }
}

fn main() {}
