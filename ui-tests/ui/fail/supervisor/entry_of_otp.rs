use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}


supervisor! { App { strategy: one_for_one, intensity: 3, children: [Cache] } }

fn main() {}
