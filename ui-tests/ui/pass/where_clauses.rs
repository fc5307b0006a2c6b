//! Bounds in every form: on parameters, in where clauses, of `Self`, for all lifetimes, on associated types.

#![deny(warnings)]

use std::collections::HashMap;
use std::fmt::{Debug, Display};
use std::hash::Hash;
use std::marker::PhantomData;

use suptree::prelude::*;

trait Shown {
    fn shown(&self) -> String;
}

struct Store<K, V, F, I = ()>
where
    K: Eq + Hash,
{
    entries: HashMap<K, V>,
    change: F,
    ids: PhantomData<fn() -> I>,
}

impl<K, V, F, I> Shown for Store<K, V, F, I>
where
    K: Eq + Hash,
{
    fn shown(&self) -> String {
        format!("{} entries", self.entries.len())
    }
}

#[genserver]
impl<K, V, F, I> Store<K, V, F, I>
where
    K: Eq + Hash + Clone + Send + Sync + 'static,
    V: Default + Send,
    V: Clone + 'static,
    F: for<'a> Fn(&'a mut V) + Send + 'static,
    I: Iterator<Item = (K, V)> + Send + 'static,
    I::Item: Send,
    for<'a> &'a K: PartialEq + Debug,
    Self: Shown,
    [K; 2]: Clone,
{
    #[init]
    fn init(change: F) -> Self {
        Self {
            entries: HashMap::new(),
            change,
            ids: PhantomData,
        }
    }

    #[cast]
    fn extend(&mut self, entries: I) {
        self.entries.extend(entries);
    }

    #[cast]
    async fn change(&mut self, key: K) {
        (self.change)(self.entries.entry(key).or_default());
    }

    #[call]
    fn get(&self, key: K) -> Option<V> {
        self.entries.get(&key).cloned()
    }

    #[call]
    fn shown(&self) -> String {
        Shown::shown(self)
    }
}

struct Boxed<T: ?Sized>(Box<T>);

#[genserver]
impl<T> Boxed<T>
where
    T: Display + ?Sized + Send + 'static,
{
    #[init]
    fn init(text: Box<T>) -> Self {
        Self(text)
    }

    #[call]
    fn text(&self) -> String {
        self.0.to_string()
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let double = |value: &mut u32| *value = *value * 2 + 1;
    let store = Store::<_, _, _, std::vec::IntoIter<(&str, u32)>>::start(double).await?;
    store.extend(vec![("one", 1)].into_iter()).await?;
    store.change("one").await?;
    store.change("two").await?;
    assert_eq!(store.get("one").await?, Some(3));
    assert_eq!(store.shown().await?, "2 entries");
    let boxed = Boxed::<dyn Display + Send>::start(Box::new(7)).await?;
    assert_eq!(boxed.text().await?, "7");
    Ok(())
}
