use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

supervisor! { Pool(n: u32) { partition: Cache, partitions: n } }

fn main() {}
