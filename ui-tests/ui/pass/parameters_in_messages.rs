//! Parameters that messages mention, and parameters that none does; arguments called like what is beside them.

#![deny(warnings)]
#![allow(dead_code)]

use std::marker::PhantomData;
use std::sync::Arc;

use suptree::prelude::*;

macro_rules! only_the_first {
    ($first:ty, $second:ty) => { $first };
}

struct Ring<const N: usize>(u8);

#[genserver]
impl<const N: usize> Ring<N> {
    #[init]
    fn init() -> Self {
        Self(0)
    }

    #[call]
    fn size(&self) -> usize {
        N
    }

    #[call]
    fn sum(&self, server: u8, cx: u8) -> u8 {
        self.0 + server + cx
    }

    #[cast]
    fn put(&mut self, server: u8, cx: u8, reply: u8, request: u8) {
        self.0 = server + cx + reply + request;
    }

    #[cast]
    async fn set(&mut self, server: u8, context: &mut Context<Self>) {
        let _ = context;
        self.0 = server;
    }
}

struct Pair<A, B>(Option<A>, Option<Arc<B>>, PhantomData<fn() -> B>);

#[genserver]
impl<A: Clone, B: Sync> Pair<A, B> {
    #[init]
    fn init(first: A) -> Self {
        Self(Some(first), None, PhantomData)
    }

    #[call]
    fn swap(&mut self, first: A) -> Option<A> {
        self.0.replace(first)
    }

    #[cast]
    fn put(&mut self, second: Arc<B>) {
        self.1 = Some(second);
    }

    #[info]
    fn given(&mut self, first: only_the_first!(A, B)) {
        self.0 = Some(first);
    }
}

#[derive(Default)]
struct Conditional;

#[genserver]
impl Conditional {
    #[cfg(any())]
    #[call]
    fn get(&self) -> u8 {
        1
    }

    #[cfg(any())]
    #[cast]
    async fn set(&mut self) {}
}

fn main() {}
