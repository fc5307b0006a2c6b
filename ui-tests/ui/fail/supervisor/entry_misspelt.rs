use suptree::prelude::*;

supervisor! { App { stratgy: one_for_one, children: [] } }

fn main() {}
