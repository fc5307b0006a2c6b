use suptree::prelude::*;

supervisor! { App { strategy: one_by_one, children: [] } }

fn main() {}
