use suptree::protocol;

#[protocol]
trait KeyValue<'a> {
    #[call]
    fn get(&self, key: String) -> Option<u64>;
}

fn main() {}
