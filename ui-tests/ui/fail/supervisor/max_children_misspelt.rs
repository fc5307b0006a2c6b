use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

supervisor! { App { dynamic: Cache, max_childs: 3 } }

fn main() {}
