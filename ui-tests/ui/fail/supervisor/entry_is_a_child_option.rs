use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}


supervisor! { App { strategy: one_for_one, restart: transient, children: [Cache] } }

fn main() {}
