use suptree::protocol;

#[protocol]
trait KeyValue {
    #[call]
    fn get(self, key: String) -> Option<u64>;
}

fn main() {}
