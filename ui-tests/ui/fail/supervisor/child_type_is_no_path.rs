use suptree::prelude::*;

supervisor! { App { strategy: one_for_one, children: [(u8, u8)] } }

fn main() {}
