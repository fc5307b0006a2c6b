use suptree::protocol;

#[protocol]
trait KeyValue {
    #[cast]
    fn put(&mut self, key: String) -> u64;
}

fn main() {}
