use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

struct Worker;

supervisor! { App { strategy: one_for_one, children: [Cache, partition pool: Worker(1) { partitions: 4 }] } }

fn main() {}
