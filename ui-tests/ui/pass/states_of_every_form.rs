//! Enums, tuples, unit structs, unions of `Copy` types, zero-sized and huge states; aliases of them.

#![deny(warnings)]

use std::sync::atomic::{AtomicU8, Ordering};

use suptree::prelude::*;

#[derive(Default)]
enum Door {
    #[default]
    Closed,
    Open {
        by: String,
    },
}

#[genserver]
impl Door {
    #[call]
    fn is_open(&self) -> bool {
        matches!(self, Self::Open { .. })
    }

    #[cast]
    fn open(&mut self, by: String) {
        *self = Self::Open { by };
    }

    #[call]
    fn by(&self) -> Option<String> {
        match self {
            Self::Closed => None,
            Self::Open { by } => Some(by.clone()),
        }
    }
}

#[derive(Default)]
struct Unit;

type Alias = Unit;

#[genserver(client = UnitClient)]
impl Alias {
    #[call]
    fn one(&self) -> u8 {
        1
    }
}

#[derive(Clone, Copy)]
union Bits {
    whole: u32,
    bytes: [u8; 4],
}

#[genserver]
impl Bits {
    #[init]
    fn init(whole: u32) -> Self {
        Self { whole }
    }

    #[call]
    fn swapped(&self) -> Self {
        *self
    }
}

#[derive(Default)]
struct Pair<A, B = A>(A, B);

#[genserver]
impl Pair<u8> {
    #[call]
    fn sum(&self) -> u8 {
        self.0 + self.1
    }
}

struct Huge([u8; 100_000]);

#[genserver]
impl Huge {
    #[init]
    fn init(with: u8) -> Self {
        Self([with; 100_000])
    }

    #[call]
    fn last(&self) -> u8 {
        self.0[self.0.len() - 1]
    }

    #[call]
    async fn all(&mut self, other: [u8; 10_000]) -> [u8; 10_000] {
        tokio::task::yield_now().await;
        let mut all = other;
        all[0] = self.0[0];
        all
    }
}

static DROPPED: AtomicU8 = AtomicU8::new(0);

#[derive(Default)]
struct Dropped;

impl Drop for Dropped {
    fn drop(&mut self) {
        DROPPED.fetch_add(1, Ordering::SeqCst);
    }
}

#[genserver]
impl Dropped {}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let door = Door::start().await?;
    door.open("ana").await?;
    assert!(door.is_open().await?);
    assert_eq!(door.by().await?.as_deref(), Some("ana"));
    let unit: UnitClient = Unit::start().await?;
    assert_eq!(unit.one().await?, 1);
    let bits = Bits::start(1).await?;
    let bits: Bits = bits.swapped().await?;
    assert_eq!(size_of_val(&bits), size_of_val(&Bits { bytes: [0; 4] }));
    assert_eq!(Pair::<u8>::start().await?.sum().await?, 0);
    let huge = Huge::start(7).await?;
    assert_eq!(huge.last().await?, 7);
    assert_eq!(huge.all([1; 10_000]).await?[..2], [7, 1]);
    Dropped::start().await?.stop().await?;
    assert_eq!(DROPPED.load(Ordering::SeqCst), 1);
    Ok(())
}
