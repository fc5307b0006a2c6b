//! The handlers that a protocol asks for are in parts of the server.

#![deny(warnings)]

use suptree::prelude::*;
use suptree::protocol;

#[protocol]
trait Store<V> {
    #[call]
    fn get(&self) -> Option<V>;
    #[cast]
    fn put(&mut self, value: V);
    #[call]
    fn clear(&mut self) -> bool;
}

struct Cache<V>(Option<V>);

#[genserver(protocols(Store<V>), parts(Admin, Writing))]
impl<V: Clone + Sync> Cache<V> {
    #[init]
    fn init() -> Self {
        Self(None)
    }

    #[call]
    fn get(&self) -> Option<V> {
        self.0.clone()
    }
}

#[genserver(part = Admin)]
impl<V: Clone + Sync> Cache<V> {
    #[call]
    async fn clear(&mut self) -> bool {
        self.0.take().is_some()
    }
}

#[genserver(part = Writing)]
impl<V: Clone + Sync> Cache<V> {
    #[cast]
    fn put(&mut self, value: V) {
        self.0 = Some(value);
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let store: StoreClient<u8> = Cache::start().await?.into();
    store.put(1).await?;
    assert_eq!(store.get().await?, Some(1));
    assert!(store.clear().await?);
    Ok(())
}
