use suptree::prelude::*;

supervisor! { Pool { partition: Pool } }

fn main() {}
