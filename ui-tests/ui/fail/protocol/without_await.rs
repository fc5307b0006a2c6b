use suptree::protocol;

#[protocol]
trait KeyValue {
    #[call]
    fn get(&self, key: String) -> Option<u64>;
}

async fn ask(client: KeyValueClient) -> Option<u64> {
    client.get("one").unwrap()
}

fn main() {}
