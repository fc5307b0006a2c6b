use suptree::prelude::*;

struct Cache;

supervisor! { Caches { dynamic: Cache } }

fn main() {}
