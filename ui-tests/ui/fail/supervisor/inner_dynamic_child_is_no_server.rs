use suptree::prelude::*;

struct Disk;

supervisor! { App { strategy: one_for_one, children: [dynamic disks: Disk] } }

fn main() {}
