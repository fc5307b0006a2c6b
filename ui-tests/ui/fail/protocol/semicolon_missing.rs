use suptree::prelude::*;

#[protocol]
trait KeyValue {
    #[cast]
    fn put(&self, key: String);
    #[call]
    fn get(&self, key: String) -> Option<u64>
}

fn main() {}
