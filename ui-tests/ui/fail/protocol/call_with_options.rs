use suptree::protocol;

#[protocol]
trait KeyValue {
    #[call(timeout = 30s)]
    fn get(&self, key: String) -> Option<u64>;
}

fn main() {}
