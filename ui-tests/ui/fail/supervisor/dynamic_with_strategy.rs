use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

supervisor! { Caches { dynamic: Cache, strategy: one_for_one } }

fn main() {}
