//! Parameters with defaults, functions as parameters, blocks for some of a type's arguments, and clients in generic functions.

#![deny(warnings)]

use std::collections::HashMap;
use std::hash::Hash;

use suptree::prelude::*;

struct Cache<K, V = String, F = fn(&K) -> V> {
    entries: HashMap<K, V>,
    load: F,
}

#[genserver]
impl<
    K: Hash + Eq + Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
    F: Fn(&K) -> V + Send + 'static,
> Cache<K, V, F>
{
    #[init]
    fn init(load: F) -> Self {
        Self {
            entries: HashMap::new(),
            load,
        }
    }

    #[call]
    fn get(&mut self, key: K) -> V {
        let load = &self.load;
        self.entries.entry(key).or_insert_with_key(load).clone()
    }

    #[call]
    fn all(&self) -> Vec<(K, V)> {
        self.entries
            .iter()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    }
}

async fn both<K, V>(cache: &CacheClient<K, V, fn(&K) -> V>, a: K, b: K) -> Result<(V, V), CallError>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    Ok((cache.get(a).await?, cache.get(b).await?))
}

struct OfArrays<T: ?Sized, const N: usize>([Box<T>; N]);

#[genserver]
impl<const N: usize> OfArrays<[u8], N> {
    #[init]
    fn init(of: [Box<[u8]>; N]) -> Self {
        Self(of)
    }

    #[call]
    fn lengths(&self) -> [usize; N] {
        self.0.each_ref().map(|item| item.len())
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cache = Cache::<u8>::start(|key| key.to_string()).await?;
    assert_eq!(both(&cache, 1, 2).await?, ("1".to_owned(), "2".to_owned()));
    assert_eq!(cache.all().await?.len(), 2);
    let add = 1;
    let closure = Cache::start(move |key: &u8| key + add).await?;
    assert_eq!(closure.get(1).await?, 2);
    let arrays = OfArrays::start([Box::from([1_u8]) as Box<[u8]>, Box::from([])]).await?;
    assert_eq!(arrays.lengths().await?, [1, 0]);
    Ok(())
}
