use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(shutdown = 10sec)]
impl Cache {}

fn main() {}
