use suptree::prelude::*;
use suptree::protocol;

#[protocol]
trait KeyValue {
    #[call]
    fn get(&self, key: String) -> Option<u64>;
}

#[derive(Default)]
struct Memory;

#[genserver]
impl Memory {
    #[call]
    fn get(&self, _key: String) -> Option<u64> {
        None
    }
}

fn client(memory: MemoryClient) -> KeyValueClient {
    KeyValueClient::from(memory)
}

fn main() {}
