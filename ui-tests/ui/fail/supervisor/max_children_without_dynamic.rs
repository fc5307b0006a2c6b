use suptree::prelude::*;

supervisor! { App { strategy: one_for_one, max_children: 5, children: [] } }

fn main() {}
