use suptree::prelude::*;

supervisor! { App(nme = "app") { strategy: one_for_one, children: [] } }

fn main() {}
