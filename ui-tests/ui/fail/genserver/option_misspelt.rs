use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(nmae = "cache")]
impl Cache {}

fn main() {}
