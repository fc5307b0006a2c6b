use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(restart: transient)]
impl Cache {}

fn main() {}
