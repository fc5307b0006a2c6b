use suptree::prelude::*;

supervisor! { App { strategy: all_at_all, children: [] } }

fn main() {}
