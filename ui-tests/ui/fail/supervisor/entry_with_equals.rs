use suptree::prelude::*;

supervisor! { App { strategy = one_for_one, children: [] } }

fn main() {}
