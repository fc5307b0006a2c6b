use suptree::prelude::*;
use suptree::protocol;

struct Memory;

#[protocol]
impl Memory {}

fn main() {}
