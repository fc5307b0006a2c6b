use suptree::protocol;

#[protocol]
trait KeyValue {
    #[call]
    async fn get(&self, key: String) -> Option<u64>;
}

fn main() {}
