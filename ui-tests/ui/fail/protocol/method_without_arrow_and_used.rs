use suptree::prelude::*;

#[protocol]
trait KeyValue {
    #[call]
    fn get(&self) Option<u64>;

    #[call]
    fn len(&self) -> usize;
}

async fn sum(store: KeyValueClient) -> Result<u64, CallError> {
    Ok(store.get().await?.unwrap_or_default() + store.len().await? as u64)
}

fn main() {}
