use suptree::prelude::*;

#[derive(Default)]
struct Tree;

#[genserver]
impl Tree {}

supervisor! { App { strategy: one_for_one, children: [Tree] } }

fn main() {}
