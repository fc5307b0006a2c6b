use suptree::protocol;

#[protocol]
trait KeyValue {
    #[call]
    fn get(&self, key: Box<Self>) -> Option<u64>;
}

fn main() {}
