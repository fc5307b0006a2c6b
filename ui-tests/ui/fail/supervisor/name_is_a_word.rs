use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

supervisor! { App(name = app) { strategy: one_for_one, children: [Cache] } }

fn main() {}
