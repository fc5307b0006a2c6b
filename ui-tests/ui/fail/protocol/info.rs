use suptree::protocol;

#[protocol]
trait KeyValue {
    #[info]
    fn get(&self, key: String);
}

fn main() {}
