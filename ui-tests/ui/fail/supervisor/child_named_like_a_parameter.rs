use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

supervisor! { App(cache: u8) { strategy: one_for_one, children: [Cache] } }

fn main() {}
