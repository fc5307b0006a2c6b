use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(restart = transcient)]
impl Cache {}

fn main() {}
