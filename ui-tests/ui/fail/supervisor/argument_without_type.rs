use suptree::prelude::*;

supervisor! { App(config) { strategy: one_for_one, children: [] } }

fn main() {}
