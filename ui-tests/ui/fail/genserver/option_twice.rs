use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(name = "cache", restart = transient, name = "other")]
impl Cache {}

fn main() {}
