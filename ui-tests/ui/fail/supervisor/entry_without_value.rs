use suptree::prelude::*;

supervisor! { App { strategy: one_for_one, max_restarts:, children: [] } }

fn main() {}
