//! Types, patterns and bodies that are macro calls; arguments in parentheses and groups.

#![deny(warnings)]
#![allow(unused_parens)]

use suptree::prelude::*;

macro_rules! list {
    ($ty:ty) => { Vec<$ty> };
}

macro_rules! pair {
    ($a:pat, $b:pat) => {
        ($a, $b)
    };
}

macro_rules! number {
    () => {
        u8
    };
}

struct Typed<T>(list![T]);

#[genserver]
impl<T: Clone + Send + Sync + Default + 'static> Typed<T> {
    #[init]
    fn init() -> Self {
        Self(Vec::new())
    }

    #[cast]
    fn put(&mut self, items: list!(T)) {
        self.0.extend(items);
    }

    #[call]
    fn all(&self) -> list![T] {
        self.0.clone()
    }

    #[call]
    fn sum(&self, pair!(a, b): (number!(), number!()), (c): (number![])) -> number!() {
        a + b + c
    }

    #[info]
    fn told(&mut self, item: list![T]) {
        self.0 = item;
    }

    #[call]
    fn text(&self, before: (String), after: (&'static str)) -> (String) {
        format!("{before}{after}")
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let typed = Typed::<u16>::start().await?;
    typed.put(vec![1, 2]).await?;
    assert_eq!(typed.all().await?, [1, 2]);
    assert_eq!(typed.sum((1, 2), 3).await?, 6);
    typed.told(Vec::new()).await?;
    assert_eq!(typed.text("a", "b").await?, "ab");
    Ok(())
}
