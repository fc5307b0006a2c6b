use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(shutdown = 99999999999999999999h)]
impl Cache {}

fn main() {}
