use suptree::protocol;

#[protocol]
trait KeyValue {
    #[cast]
    fn put(&mut self, value: Option<Value>);
}

fn main() {}
