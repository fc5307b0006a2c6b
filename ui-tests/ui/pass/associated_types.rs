//! Types that are found by a trait: of the server, of its parameters, of constants of theirs.

#![deny(warnings)]

use std::fmt::Debug;

use suptree::prelude::*;

trait Kind {
    type Key: Clone + Debug + Send + PartialEq;
    type Value;
    const ROOM: usize;
}

struct Names;

impl Kind for Names {
    type Key = String;
    type Value = u32;
    const ROOM: usize = 2;
}

struct Table<K: Kind> {
    rows: Vec<(K::Key, K::Value)>,
}

trait Described {
    type Text;
}

impl<K: Kind> Described for Table<K> {
    type Text = String;
}

#[genserver]
impl<K> Table<K>
where
    K: Kind,
    K::Key: 'static,
    K::Value: Clone + Send + 'static,
{
    #[init]
    fn init(rows: Vec<(K::Key, K::Value)>) -> Self {
        Self { rows }
    }

    #[cast]
    fn put(&mut self, key: K::Key, value: <K as Kind>::Value) {
        if self.rows.len() < K::ROOM {
            self.rows.push((key, value));
        }
    }

    #[call]
    fn get(&self, key: K::Key) -> Option<K::Value> {
        let row = self.rows.iter().find(|row| row.0 == key);
        row.map(|(_, value)| value.clone())
    }

    #[call]
    fn text(&self, before: <Self as Described>::Text) -> <Self as Described>::Text {
        format!("{before}{:?}", self.rows.first().map(|row| &row.0))
    }
}

struct Plain;

impl Kind for Plain {
    type Key = u8;
    type Value = [u8; <Self as Kind>::ROOM];
    const ROOM: usize = 3;
}

#[genserver]
impl Plain {
    #[init]
    fn init() -> Self {
        Self
    }

    #[call]
    fn value(&self, key: <Self as Kind>::Key) -> <Self as Kind>::Value {
        [key; <Self as Kind>::ROOM]
    }

    #[call]
    fn item(&self, items: <Vec<<Plain as Kind>::Key> as IntoIterator>::IntoIter) -> usize {
        items.len()
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let table = Table::<Names>::start(Vec::new()).await?;
    table.put("one".to_owned(), 1).await?;
    assert_eq!(table.get("one".to_owned()).await?, Some(1));
    assert_eq!(table.text("> ".to_owned()).await?, "> Some(\"one\")");
    let plain = Plain::start().await?;
    assert_eq!(plain.value(7).await?, [7; 3]);
    assert_eq!(plain.item(vec![1, 2].into_iter()).await?, 2);
    Ok(())
}
