use suptree::protocol;

#[protocol]
trait KeyValue {
    type Key;

    #[call]
    fn get(&self, key: String) -> Option<u64>;
}

fn main() {}
