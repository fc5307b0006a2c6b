use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

supervisor! { Caches(size: u8) { dynamic: Cache } }

fn main() {}
