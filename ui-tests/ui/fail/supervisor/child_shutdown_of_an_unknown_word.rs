use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

supervisor! { App { strategy: one_for_one, children: [Cache { shutdown: kill }] } }

fn main() {}
