use suptree::prelude::*;

supervisor! { App { strategy: one_for_all, children: [] } }

fn main() {}
