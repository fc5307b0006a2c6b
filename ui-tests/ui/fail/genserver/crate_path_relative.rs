use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(crate = suptree)]
impl Cache {}

fn main() {}
