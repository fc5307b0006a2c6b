use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(name = "cache")]
impl Cache {}

supervisor! {
    App {
        strategy: one_for_one,
        children: [
            Cache,
            supervisor Storage { strategy: one_for_one, children: [Cache as second] },
        ],
    }
}

fn main() {}
