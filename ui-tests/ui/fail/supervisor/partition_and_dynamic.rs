use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

supervisor! { Pool { partition: Cache, dynamic: Cache } }

fn main() {}
