//! Parts of servers with parameters, of one inside a function, and of one whose type stands elsewhere.

#![deny(warnings)]

use std::fmt::Debug;

use suptree::prelude::*;

pub struct Stack<T: Clone + Debug, const N: usize>
where
    T: PartialEq,
{
    items: Vec<T>,
}

#[genserver(parts(Looks, Adds), last_message)]
impl<T: Clone + Debug, const N: usize> Stack<T, N>
where
    T: PartialEq,
{
    #[init]
    fn init() -> Self {
        Self { items: Vec::new() }
    }

    #[call]
    fn pop(&mut self) -> Option<T> {
        self.items.pop()
    }

    #[info]
    fn note(&mut self, _note: u8) {}
}

// The same parameters under other names.
#[genserver(part = Looks)]
impl<U: Clone + Debug, const M: usize> Stack<U, M>
where
    U: PartialEq,
{
    #[call]
    fn len(&self) -> usize {
        self.items.len()
    }

    #[call]
    async fn has(&mut self, item: U) -> bool {
        self.items.contains(&item)
    }

    #[info]
    fn look(&mut self, event: Event) {
        self.items.truncate(event.0);
    }
}

struct Event(usize);

#[genserver(part = pub(self) Adds, crate = ::suptree)]
impl<T, const N: usize> Stack<T, N>
where
    T: PartialEq + Clone + Debug,
{
    #[cast]
    fn push(&mut self, item: T) -> Result<(), std::io::Error> {
        if self.items.len() == N {
            return Err(std::io::Error::other("full"));
        }
        self.items.push(item);
        Ok(())
    }
}

mod types {
    pub struct Inner;
}

#[genserver(parts)]
impl types::Inner {
    #[init]
    fn init() -> Self {
        Self
    }

    #[call]
    fn one(&self) -> u8 {
        1
    }
}

#[genserver(part, client = self::InnerClient)]
impl types::Inner {
    #[call]
    fn two(&self) -> u8 {
        2
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let stack = Stack::<u8, 2>::start().await?;
    stack.push(1).await?;
    stack.push(2).await?;
    assert_eq!(stack.len().await?, 2);
    assert!(stack.has(2).await?);
    stack.look(Event(1)).await?;
    assert_eq!(stack.pop().await?, Some(1));
    stack.note(1).await?;

    let inner = types::Inner::start().await?;
    assert_eq!(inner.one().await? + inner.two().await?, 3);

    #[derive(Default)]
    struct Local;
    #[genserver(parts)]
    impl Local {
        #[call]
        fn one(&self) -> u8 {
            1
        }
    }
    #[genserver(part)]
    impl Local {
        #[call]
        fn two(&self) -> u8 {
            2
        }
    }
    let local = Local::start().await?;
    assert_eq!(local.one().await? + local.two().await?, 3);
    Ok(())
}
