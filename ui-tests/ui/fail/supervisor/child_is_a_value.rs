use suptree::prelude::*;

supervisor! { App { strategy: one_for_one, children: [42] } }

fn main() {}
