use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(trap_exit = yes)]
impl Cache {}

fn main() {}
