use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(client = pub Mine Other)]
impl Cache {}

fn main() {}
