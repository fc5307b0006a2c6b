use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(name = format!("cache_{key}"))]
impl Cache {}

fn main() {}
