use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

supervisor! { Pool { partition: Cache, workers: 4 } }

fn main() {}
