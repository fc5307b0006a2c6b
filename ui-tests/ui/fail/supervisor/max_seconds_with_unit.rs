use suptree::prelude::*;

supervisor! { App { strategy: one_for_one, max_seconds: 5s, children: [] } }

fn main() {}
