use suptree::prelude::*;

supervisor! { App { strategy: one_for_on, children: [] } }

fn main() {}
