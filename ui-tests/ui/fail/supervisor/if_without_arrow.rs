use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

supervisor! { App(cached: bool) { strategy: one_for_one, children: [if cached { Cache }] } }

fn main() {}
