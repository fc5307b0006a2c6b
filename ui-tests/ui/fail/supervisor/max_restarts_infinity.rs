use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

supervisor! { App { strategy: one_for_one, max_restarts: infinity, children: [Cache] } }

fn main() {}
