use suptree::prelude::*;

fn cache() -> u8 {
    7
}

supervisor! { App { strategy: one_for_one, children: [cache() as cache] } }

fn main() {}
