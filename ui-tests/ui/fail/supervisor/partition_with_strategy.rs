use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

supervisor! { Pool { strategy: one_for_all, partition: Cache } }

fn main() {}
