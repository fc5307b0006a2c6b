use suptree::prelude::*;

supervisor! { { strategy: one_for_one, children: [] } }

fn main() {}
