use suptree::prelude::*;

#[protocol]
trait KeyValue {
    #[call]
    pub get(&self, key: String) -> Option<u64>;

    #[cast]
    fn put(&mut self, key: String, value: u64);
}

async fn get(client: KeyValueClient) -> Result<Option<u64>, CallError> {
    client.put("a", 1).await.ok();
    client.get("a").await
}

fn main() {}
