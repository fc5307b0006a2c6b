use suptree::prelude::*;

struct Cache;

supervisor! { App { strategy: one_for_one, children: [Cache] } }

fn main() {}
