use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(name = "cache")]
impl Cache {}

supervisor! { App { strategy: one_for_one, children: [partition pool: Cache { partitions: 4 }] } }

fn main() {}
