use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

supervisor! { Caches { dynamic: Cache, children: [Cache] } }

fn main() {}
