use suptree::prelude::*;

struct Worker;

supervisor! { Pool { partition: Worker, partitions: 4 } }

fn main() {}
