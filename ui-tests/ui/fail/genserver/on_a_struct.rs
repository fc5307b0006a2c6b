use suptree::prelude::*;

#[genserver]
#[derive(Default)]
struct Cache;

fn main() {}
