use suptree::prelude::*;

supervisor! {}

fn main() {}
