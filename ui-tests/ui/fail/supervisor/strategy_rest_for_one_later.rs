use suptree::prelude::*;

supervisor! { App { strategy: rest_for_one, children: [] } }

fn main() {}
