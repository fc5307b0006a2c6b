use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

supervisor! { App(cached: u8) { strategy: one_for_one, children: [if cached => Cache] } }

fn main() {}
