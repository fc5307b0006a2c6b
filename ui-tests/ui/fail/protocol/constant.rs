use suptree::protocol;

#[protocol]
trait KeyValue {
    const SIZE: usize;

    #[call]
    fn get(&self, key: String) -> Option<u64>;
}

fn main() {}
