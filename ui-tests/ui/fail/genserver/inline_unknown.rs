use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(inline = sometimes)]
impl Cache {}

fn main() {}
