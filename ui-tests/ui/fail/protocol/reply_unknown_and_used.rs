use suptree::protocol;

#[protocol]
trait KeyValue {
    #[call]
    fn get(&self, key: String) -> Value;
}

async fn used(values: KeyValueClient) {
    let _ = values.get("a").await;
}

fn main() {}
