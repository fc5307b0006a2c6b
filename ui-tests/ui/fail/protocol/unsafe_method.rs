use suptree::prelude::*;

#[protocol]
trait KeyValue {
    #[call]
    unsafe fn get(&self, key: String) -> Option<u64>;
}

async fn get(client: KeyValueClient) -> Result<Option<u64>, CallError> {
    client.get("a").await
}

fn main() {}
