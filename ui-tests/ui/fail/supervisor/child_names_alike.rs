use suptree::prelude::*;

#[derive(Default)]
struct HTTPCache;

#[genserver]
impl HTTPCache {}

#[derive(Default)]
struct HttpCache;

#[genserver]
impl HttpCache {}

supervisor! { App { strategy: one_for_one, children: [HTTPCache, HttpCache] } }

fn main() {}
