use suptree::prelude::*;

supervisor! { App { strategy: one_for_one, hibernate: true, children: [] } }

fn main() {}
