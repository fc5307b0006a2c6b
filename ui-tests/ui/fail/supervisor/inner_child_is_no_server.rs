use suptree::prelude::*;

struct Disk;

supervisor! {
    App {
        strategy: one_for_one,
        children: [supervisor Storage { strategy: one_for_one, children: [Disk] }],
    }
}

fn main() {}
