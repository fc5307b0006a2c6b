use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(shutdown = brutalkill)]
impl Cache {}

fn main() {}
