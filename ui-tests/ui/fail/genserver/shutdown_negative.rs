use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(shutdown = -1s)]
impl Cache {}

fn main() {}
