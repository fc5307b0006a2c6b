//! Parameters that are values, in states, arguments, replies, names and trees.

#![deny(warnings)]

use suptree::prelude::*;

struct Ring<T, const N: usize = 4, const FULL: bool = false> {
    items: [Option<T>; N],
    next: usize,
}

#[genserver(name = ("ring", N, FULL))]
impl<T: Clone + Send + Sync + 'static, const N: usize, const FULL: bool> Ring<T, N, FULL> {
    const ROOM: usize = N * 2;

    #[init]
    fn init(first: T) -> Self {
        let mut items = [const { None }; N];
        items[0] = Some(first);
        Self { items, next: 1 }
    }

    #[call]
    fn all(&self) -> [Option<T>; N] {
        self.items.clone()
    }

    #[cast]
    fn fill(&mut self, with: [T; N]) {
        self.items = with.map(Some);
    }

    #[call]
    fn room(&self) -> (usize, bool, usize) {
        (Self::ROOM, FULL, self.next)
    }

    #[call]
    async fn is(&self, other: Other<{ 1 + 2 }>) -> usize {
        other.number()
    }
}

struct Other<const N: u8>;

impl<const N: u8> Other<N> {
    fn number(&self) -> usize {
        N.into()
    }
}

#[derive(Clone)]
struct Letters<const C: char, const I: i8>;

#[genserver]
impl Letters<'x', { -1 }> {
    #[init]
    fn init() -> Self {
        Self
    }

    #[call]
    fn same(&self, other: Letters<'x', -1>) -> bool {
        let _: Self = other;
        true
    }
}

supervisor! { Rings { strategy: one_for_one, children: [Ring::<u8, 2, true>(7) as ring] } }

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rings = Rings::start_link().await?;
    let ring = Ring::<u8, 2, true>::named();
    assert_eq!(ring.all().await?, [Some(7), None]);
    rings.ring().fill([1, 2]).await?;
    assert_eq!(ring.all().await?, [Some(1), Some(2)]);
    assert_eq!(ring.room().await?, (4, true, 1));
    assert_eq!(ring.is(Other).await?, 3);
    let default: RingClient<String, 4, false> = Ring::<String>::start("a".to_owned()).await?;
    assert_eq!(default.all().await?.len(), 4);
    let letters = Letters::<'x', -1>::start().await?;
    assert!(letters.same(Letters).await?);
    Ok(())
}
