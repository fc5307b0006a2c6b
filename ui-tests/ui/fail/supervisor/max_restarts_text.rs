use suptree::prelude::*;

supervisor! { App { strategy: one_for_one, max_restarts: "3", children: [] } }

fn main() {}
