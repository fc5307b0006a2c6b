//! Type and const parameters, where clauses, associated constants and types, `Self` in signatures.

#![deny(warnings)]
#![allow(dead_code)]

use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;
use std::marker::PhantomData;

use suptree::prelude::*;

trait Codec: Send + 'static {
    type Item: Clone + Send + Sync + 'static;
    const EMPTY: usize;
}

struct Store<K, V, C: Codec, const N: usize> {
    entries: HashMap<K, V>,
    items: Vec<C::Item>,
}

#[genserver(name = id, last_message)]
impl<K, V, C, const N: usize> Store<K, V, C, N>
where
    K: Hash + Eq + Debug + Clone + Send + Sync + 'static,
    V: Clone + Default + Send + 'static,
    C: Codec,
    Self: Sized,
{
    const ROOM: usize = N;

    #[init]
    fn init(id: K, first: V) -> Self {
        Self {
            entries: HashMap::from([(id, first)]),
            items: Vec::with_capacity(C::EMPTY + Self::ROOM),
        }
    }

    #[call]
    fn get(&self, key: K) -> Option<V> {
        self.entries.get(&key).cloned()
    }

    #[call]
    async fn items(&mut self) -> [Option<C::Item>; N] {
        let mut items = [const { None }; N];
        for (place, item) in items.iter_mut().zip(&self.items) {
            *place = Some(item.clone());
        }
        items
    }

    #[call]
    fn copy(&self, reply: ReplyTo<(HashMap<K, V>, PhantomData<C>)>) {
        reply.send((self.entries.clone(), PhantomData));
    }

    #[cast]
    fn put(&mut self, (key, value): (K, V), _unused: PhantomData<Self>) {
        self.entries.insert(key, value);
    }

    #[info]
    fn item(&mut self, item: C::Item) {
        self.items.push(item);
    }
}

struct Lines;

impl Codec for Lines {
    type Item = String;
    const EMPTY: usize = 4;
}

supervisor! {
    App {
        strategy: one_for_one,
        children: [
            Store::<u8, String, Lines, 2>(1, String::new()) as store,
            Store<u16, u16, Lines, 1>(1, 2) as other,
        ],
    }
}

supervisor! { Stores { dynamic: Store<u8, u8, Lines, 4> } }

async fn uses(app: App) {
    let found: Result<Option<String>, CallError> = app.store().get(1).await.map_err(CallError::from);
    let items: Result<[Option<String>; 2], CallError> = app.store().items().await.map_err(CallError::from);
    let named: StoreClient<u8, String, Lines, 2> = Store::named(1);
    let _ = (
        found,
        items,
        named.put((1, String::new()), PhantomData).await,
    );
}

fn main() {}
