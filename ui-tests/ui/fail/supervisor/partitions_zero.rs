use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

supervisor! { Pool { partition: Cache, partitions: 0 } }

fn main() {}
