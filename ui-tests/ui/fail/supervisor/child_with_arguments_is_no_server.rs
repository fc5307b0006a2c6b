use suptree::prelude::*;

struct Counter;

supervisor! { App { strategy: one_for_one, children: [Counter(1)] } }

fn main() {}
