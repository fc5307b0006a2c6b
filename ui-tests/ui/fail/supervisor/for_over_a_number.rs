use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

supervisor! { App(caches: u8) { strategy: one_for_one, children: [for _ in caches => Cache as caches_] } }

fn main() {}
