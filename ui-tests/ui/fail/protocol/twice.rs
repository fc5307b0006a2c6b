use suptree::protocol;

#[protocol]
trait KeyValue {
    #[call]
    fn get(&self, key: String) -> Option<u64>;

    #[cast]
    fn get(&self, key: String);
}

fn main() {}
