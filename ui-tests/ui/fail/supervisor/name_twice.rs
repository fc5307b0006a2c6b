use suptree::prelude::*;

supervisor! { App(name = "app", name = "other") { strategy: one_for_one, children: [] } }

fn main() {}
