//! Parameters with defaults, functions as parameters, blocks for some of a type's arguments, parameters that a bound
//! tells, and clients in generic functions.

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

/// `T` is in no type of the server: the bound of `I` tells what it is.
struct Reader<I>(I);

#[genserver]
impl<I, T> Reader<I>
where
    I: Iterator<Item = T> + Send + 'static,
    T: Clone + Send + 'static,
{
    #[init]
    fn init(of: I, cx: &mut Context<Self>) -> Self {
        cx.then().skip(1);
        Self(of)
    }

    #[call]
    fn next(&mut self) -> Option<T> {
        self.0.next()
    }

    #[call]
    async fn all(&mut self, many: usize) -> Vec<T> {
        self.0.by_ref().take(many).collect()
    }

    #[cast]
    fn one_of(&mut self, _items: Vec<T>) {}

    #[handle_continue]
    fn skip(&mut self, many: usize) {
        for _ in 0..many {
            self.0.next();
        }
    }

    #[info]
    fn told(&mut self, _value: u8) {}
}

supervisor! { App<I: Iterator<Item: Clone + Send> + Clone + Send + 'static>(of: I) { strategy: one_for_one, children: [Reader<I>(of) as reader] } }

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cache = Cache::<u8>::start(|key| key.to_string()).await?;
    assert_eq!(both(&cache, 1, 2).await?, ("1".to_owned(), "2".to_owned()));
    assert_eq!(cache.all().await?.len(), 2);
    let reader: ReaderClient<_> = Reader::start(1..10).await?;
    assert_eq!(reader.next().await?, Some(2));
    assert_eq!(reader.all(2).await?, [3, 4]);
    reader.one_of(vec![1]).await?;
    let app = App::start_link(1..3).await?;
    assert_eq!(app.reader().next().await?, Some(2));
    app.stop().await?;
    let add = 1;
    let closure = Cache::start(move |key: &u8| key + add).await?;
    assert_eq!(closure.get(1).await?, 2);
    let arrays = OfArrays::start([Box::from([1_u8]) as Box<[u8]>, Box::from([])]).await?;
    assert_eq!(arrays.lengths().await?, [1, 0]);
    Ok(())
}
