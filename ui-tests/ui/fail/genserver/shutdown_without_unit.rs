use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(shutdown = 5000)]
impl Cache {}

fn main() {}
