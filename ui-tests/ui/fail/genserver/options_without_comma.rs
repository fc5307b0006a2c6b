use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(name = "cache" restart = transient)]
impl Cache {}

fn main() {}
