use suptree::prelude::*;

supervisor! { App { children: [] } }

fn main() {}
