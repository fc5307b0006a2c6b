use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(restart = never)]
impl Cache {}

fn main() {}
