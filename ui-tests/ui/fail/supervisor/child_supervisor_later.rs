use suptree::prelude::*;

supervisor! {
    App {
        strategy: one_for_one,
        children: [supervisor Storage { strategy: one_for_all, children: [] }],
    }
}

fn main() {}
