use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

supervisor! {
    App(size: u8) {
        strategy: one_for_one,
        children: [supervisor Storage(size: u8) { strategy: one_for_one, children: [Cache] }],
    }
}

fn main() {}
