use suptree::protocol;

#[protocol]
trait KeyValue {
    #[call]
    fn get<K>(&self, key: K) -> Option<u64>;
}

fn main() {}
