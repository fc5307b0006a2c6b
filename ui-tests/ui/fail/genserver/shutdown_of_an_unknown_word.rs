use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(shutdown = brutal)]
impl Cache {}

fn main() {}
