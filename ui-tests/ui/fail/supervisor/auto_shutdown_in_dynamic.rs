use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

supervisor! { App { dynamic: Cache, auto_shutdown: any_significant } }

fn main() {}
