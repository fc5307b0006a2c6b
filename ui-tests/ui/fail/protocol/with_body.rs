use suptree::protocol;

#[protocol]
trait KeyValue {
    #[call]
    fn get(&self, _key: String) -> Option<u64> {
        None
    }
}

fn main() {}
