use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(name)]
impl Cache {}

fn main() {}
