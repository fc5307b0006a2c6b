//! `impl Into<T>` as an argument: the message carries the `T`, and the client takes what the handler does.

#![deny(warnings)]

use std::convert::Into as Becomes;
use std::num::NonZeroU32;

use suptree::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq)]
struct Price(u32);

impl From<NonZeroU32> for Price {
    fn from(cents: NonZeroU32) -> Self {
        Self(cents.get())
    }
}

impl From<(u32, u32)> for Price {
    fn from((euros, cents): (u32, u32)) -> Self {
        Self(euros * 100 + cents)
    }
}

struct Shop<T> {
    name: String,
    best: Price,
    items: Vec<T>,
}

#[genserver(name = name.clone(), last_message)]
impl<T: Send + Sync + Clone + 'static> Shop<T> {
    #[init]
    fn init(name: impl Into<String>, best: impl Into<Price>) -> Self {
        Self {
            name: name.into(),
            best: best.into(),
            items: Vec::new(),
        }
    }

    #[call]
    fn offer(&mut self, price: impl Into<Price> + Send) -> Price {
        self.best = price.into();
        self.best
    }

    #[call]
    async fn rename(
        &mut self,
        name: impl std::convert::Into<String> + Send + Sync + 'static,
        times: usize,
    ) -> String {
        tokio::task::yield_now().await;
        self.name = name.into().repeat(times);
        self.name.clone()
    }

    #[cast]
    fn put(&mut self, item: impl Into<T>, _note: impl Into<Option<u8>>) {
        self.items.push(item.into());
    }

    #[info]
    fn priced(&mut self, price: impl Into<Price>) {
        self.best = price.into();
    }

    #[call]
    fn all(&self, more: Vec<T>, text: String) -> (Vec<T>, String) {
        ([self.items.clone(), more].concat(), text)
    }
}

fn becomes<T: Becomes<String>>(text: T) -> String {
    text.into()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let shop = Shop::<String>::start("shop", Price(1)).await?;
    assert_eq!(shop.offer((1, 50)).await?, Price(150));
    assert_eq!(shop.offer(NonZeroU32::MIN).await?, Price(1));
    assert_eq!(shop.rename('x', 3).await?, "xxx");
    shop.put("a", None).await?;
    shop.put("b".to_owned(), 1).await?;
    shop.priced((2, 0)).await?;
    shop.send(Price(3)).await?;
    let (items, text) = Shop::<String>::named("shop")
        .all(vec!["c".into()], "d")
        .await?;
    assert_eq!((items.join(""), text.as_str()), ("abc".to_owned(), "d"));
    assert_eq!(becomes("a"), "a");
    Ok(())
}
