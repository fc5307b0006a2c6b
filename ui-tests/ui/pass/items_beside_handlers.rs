//! What else stands in the block: constants, helpers of every form, macros, other methods with the names of ours.

#![deny(warnings)]
#![allow(dead_code)]

use suptree::prelude::*;

macro_rules! getter {
    ($name:ident) => {
        fn $name(&self) -> u8 {
            Self::ONE
        }
    };
}

#[derive(Default)]
struct Mixed {
    value: u8,
}

#[genserver]
impl Mixed {
    const ONE: u8 = 1;
    pub(crate) const NAMES: [&'static str; 2] = ["a", "b"];

    getter!(by_macro);
    getter! { by_macro_with_braces }

    #[call]
    fn all(&self) -> u8 {
        self.by_macro()
            + self.by_macro_with_braces()
            + Self::generic(1_u8)
            + Self::constant::<3>()
            + self.value
    }

    fn generic<T: Into<u8>>(value: T) -> u8
    where
        T: Copy,
    {
        value.into()
    }

    const fn constant<const N: u8>() -> u8 {
        N
    }

    extern "C" fn foreign(value: u8) -> u8 {
        value
    }

    #[cast]
    async fn wait(&mut self, by: u8) {
        self.waits(&by, |by| *by).await;
    }

    async fn waits<'a, F>(&'a mut self, by: &'a u8, f: F)
    where
        F: for<'b> Fn(&'b u8) -> u8,
    {
        tokio::task::yield_now().await;
        self.value = f(by);
    }

    fn borrowed(&self) -> &u8 {
        &self.value
    }

    fn iter(&self) -> impl Iterator<Item = u8> + '_ {
        std::iter::once(self.value)
    }

    fn consume(self) -> u8 {
        self.value
    }

    // The same words as the callbacks of `GenServer`.
    fn handle_cast(&self) {}
    fn terminate(&self) {}
    fn name(&self) -> &'static str {
        Self::NAMES[0]
    }
    fn via() {}
    fn call(&self) {}
    fn describe(&self) {}
}

impl Mixed {
    fn beside(&self) -> u8 {
        self.value
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mixed = Mixed::start().await?;
    mixed.wait(4).await?;
    assert_eq!(mixed.all().await?, 10);
    let state = Mixed { value: 7 };
    assert_eq!(
        (*state.borrowed(), state.beside(), state.iter().sum::<u8>()),
        (7, 7, 7)
    );
    assert_eq!((Mixed::foreign(1), state.consume()), (1, 7));
    Ok(())
}
