use suptree::protocol;

#[protocol]
trait KeyValue {
    #[call]
    fn get(key: String) -> Option<u64>;
}

fn main() {}
