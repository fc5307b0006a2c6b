use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

supervisor! { App { strategy: one_for_one, children: [partition pool: Cache { max_children: 4 }] } }

fn main() {}
