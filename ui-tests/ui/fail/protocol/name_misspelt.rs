use suptree::prelude::*;
use suptree::protocol;

#[protocol]
trait KeyValue {
    #[call]
    fn get(&self, key: String) -> Option<u64>;
}

#[derive(Default)]
struct Memory;

#[genserver(protocols(KeyValu))]
impl Memory {
    #[call]
    fn get(&self, _key: String) -> Option<u64> {
        None
    }
}

fn main() {}
