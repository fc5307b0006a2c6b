use suptree::protocol;

#[protocol]
trait KeyValue {
    fn get(&self, key: String) -> Option<u64>;
}

fn main() {}
