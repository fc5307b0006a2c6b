use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(full = block)]
impl Cache {}

fn main() {}
