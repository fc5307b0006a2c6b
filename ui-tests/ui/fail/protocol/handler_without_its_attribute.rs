use suptree::prelude::*;
use suptree::protocol;

#[protocol]
trait KeyValue {
    #[call]
    fn get(&self, key: String) -> Option<u64>;
}

#[derive(Default)]
struct Memory(Option<u64>);

#[genserver(protocols(KeyValue))]
impl Memory {
    #[call]
    fn last(&self) -> Option<u64> {
        self.get(String::new())
    }

    fn get(&self, _key: String) -> Option<u64> {
        self.0
    }
}

fn main() {}
