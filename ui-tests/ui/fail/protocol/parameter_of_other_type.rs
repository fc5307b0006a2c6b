use suptree::prelude::*;
use suptree::protocol;

#[protocol]
trait Store<V> {
    #[call]
    fn get(&self, key: String) -> Option<V>;
}

#[derive(Default)]
struct Memory;

#[genserver(protocols(Store<String>))]
impl Memory {
    #[call]
    fn get(&self, _key: String) -> Option<u64> {
        None
    }
}

fn main() {}
