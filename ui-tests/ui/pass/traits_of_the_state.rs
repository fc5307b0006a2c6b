//! Traits of the state and of others whose methods are called like those of the client, and a state that dereferences.

#![deny(warnings)]

use std::ops::{Deref, DerefMut, Index};

use suptree::prelude::*;

#[derive(Debug, Default)]
struct Stack(Vec<u8>);

impl Deref for Stack {
    type Target = Vec<u8>;

    fn deref(&self) -> &Vec<u8> {
        &self.0
    }
}

impl DerefMut for Stack {
    fn deref_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

impl Index<usize> for Stack {
    type Output = u8;

    fn index(&self, index: usize) -> &u8 {
        &self.0[index]
    }
}

impl Iterator for Stack {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        self.0.pop()
    }
}

trait Push {
    fn push(&self, _: u8) -> &'static str {
        "the trait's"
    }
    fn get(&self) -> &'static str {
        "the trait's"
    }
}

impl<T> Push for T {}

#[genserver]
impl Stack {
    #[cast]
    fn push(&mut self, value: u8) {
        Vec::push(&mut self.0, value);
    }

    #[call]
    fn len(&self) -> usize {
        self.0.len()
    }

    #[call]
    fn get(&self, index: usize) -> Option<u8> {
        <[u8]>::get(&self.0, index).copied()
    }

    #[call]
    fn next(&mut self) -> Option<u8> {
        Iterator::next(self)
    }

    #[call]
    fn first(&self) -> u8 {
        self[0]
    }

    #[call]
    fn deref(&self) -> usize {
        self.iter().count()
    }

    #[call]
    fn eq(&self, other: Vec<u8>) -> bool {
        self.0 == other
    }
}

impl Stack {
    fn iter(&self) -> std::slice::Iter<'_, u8> {
        self.0.iter()
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let stack = Stack::start().await?;
    stack.push(1).await?;
    stack.push(2).await?;
    assert_eq!(stack.len().await?, 2);
    assert_eq!(stack.get(1).await?, Some(2));
    assert_eq!(stack.next().await?, Some(2));
    assert_eq!(stack.first().await?, 1);
    assert_eq!(stack.deref().await?, 1);
    assert!(stack.eq(vec![1]).await?);
    assert_eq!(Push::get(&stack), Push::push(&stack, 1));
    assert_eq!(*Stack(vec![1]), [1]);
    Ok(())
}
