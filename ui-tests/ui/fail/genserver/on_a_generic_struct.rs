use std::fmt::Debug;
use suptree::prelude::*;

#[genserver]
struct Pool<'a, T: Debug + 'static, const N: usize = 4>
where
    Vec<T>: Clone,
{
    items: Vec<T>,
    name: &'a str,
}

fn main() {}
