use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

supervisor! { Caches { dynamic: Cache, max_children: 0 } }

fn main() {}
