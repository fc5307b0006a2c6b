use suptree::prelude::*;

supervisor! { App { strategy: simple_one_for_one, children: [] } }

fn main() {}
