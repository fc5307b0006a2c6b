use suptree::prelude::*;

#[protocol]
trait KeyValue {
    #[call]
    fn get(&self, key) -> Option<u64>;
}

fn main() {}
