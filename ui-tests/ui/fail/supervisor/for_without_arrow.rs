use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

supervisor! { App { strategy: one_for_one, children: [for _ in 0..4 Cache] } }

fn main() {}
