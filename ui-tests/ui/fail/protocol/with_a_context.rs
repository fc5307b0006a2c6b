use suptree::prelude::*;

#[protocol]
trait KeyValue {
    #[call]
    fn get(&self, key: String, cx: &mut Context<Self>) -> Option<u64>;
}

async fn uses(store: &KeyValueClient) {
    store.get("one".to_owned()).await.unwrap();
}

fn main() {}
