use suptree::protocol;

#[protocol]
trait KeyValue {
    #[call]
    #[cast]
    fn put(&mut self, key: String);
}

fn main() {}
