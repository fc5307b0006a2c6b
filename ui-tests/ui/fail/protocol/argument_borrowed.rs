use suptree::protocol;

#[protocol]
trait KeyValue {
    #[call]
    fn get(&self, key: &str) -> Option<u64>;
}

fn main() {}
