use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(supervised)]
impl Cache {}

fn main() {}
