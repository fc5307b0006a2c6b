use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

supervisor! {
    App {
        strategy: one_for_one,
        children: [Storage { strategy: one_for_all, children: [Cache] }],
    }
}

fn main() {}
