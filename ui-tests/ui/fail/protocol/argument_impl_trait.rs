use suptree::protocol;

#[protocol]
trait KeyValue {
    #[call]
    fn get(&self, key: impl AsRef<str>) -> Option<u64>;
}

fn main() {}
