use suptree::prelude::*;

supervisor! { App { strategy: one_for_one, children: [Cashe] } }

fn main() {}
