//! Protocols with parameters, and generic servers that speak them.

#![deny(warnings)]

use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;

use suptree::prelude::*;
use suptree::protocol;

#[protocol]
trait Store<K, V = u64>
where
    K: Debug,
{
    #[call]
    fn get(&self, key: K) -> Option<V>;
    #[cast]
    fn put(&mut self, key: K, value: V);
}

#[protocol]
trait Chunks<const N: usize> {
    #[call]
    fn chunk(&self) -> [u8; N];
}

struct Memory<K, V>(HashMap<K, V>);

#[genserver(protocols(Store<K, V>))]
impl<K, V> Memory<K, V>
where
    K: Debug + Eq + Hash + Sync,
    V: Clone + Sync,
{
    #[init]
    fn init() -> Self {
        Self(HashMap::new())
    }

    #[call]
    fn get(&self, key: K) -> Option<V> {
        self.0.get(&key).cloned()
    }

    #[cast]
    fn put(&mut self, key: K, value: V) {
        self.0.insert(key, value);
    }
}

#[derive(Default)]
struct Zeros;

#[genserver(protocols(Store<String>, Chunks<3>))]
impl Zeros {
    #[call]
    fn get(&self, _key: String) -> Option<u64> {
        Some(0)
    }

    #[cast]
    fn put(&mut self, _key: String, _value: u64) {}

    #[call]
    fn chunk(&self) -> [u8; 3] {
        [0; 3]
    }
}

struct Constant<V>(V);

impl<K: Debug, V: Clone> Store<K, V> for Constant<V> {
    fn get(&self, _key: K) -> Option<V> {
        Some(self.0.clone())
    }

    fn put(&mut self, _key: K, value: V) {
        self.0 = value;
    }
}

async fn filled<V: Debug + Send + 'static>(store: StoreClient<&'static str, V>, value: V) -> V {
    store.put("one", value).await.unwrap();
    store.get("one").await.unwrap().unwrap()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let memory = Memory::start().await?;
    assert_eq!(filled(memory.into(), "text").await, "text");
    assert_eq!(filled(StoreClient::stand_in(Constant(1_u8)), 2).await, 2);
    let zeros: StoreClient<String> = Zeros::start().await?.into();
    assert_eq!(zeros.get("any".to_owned()).await?, Some(0));
    let even = StoreClient::<u8, bool>::from_fn(|key| Some(key % 2 == 0), |_, _| ());
    assert_eq!(even.get(3).await?, Some(false));
    let chunks: ChunksClient<3> = Zeros::start().await?.into();
    assert_eq!(chunks.chunk().await?, [0; 3]);
    Ok(())
}
