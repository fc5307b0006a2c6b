use suptree::protocol;

#[protocol(name = "store")]
trait KeyValue {
    #[call]
    fn get(&self, key: String) -> Option<u64>;
}

fn main() {}
