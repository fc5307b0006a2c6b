use suptree::protocol;

struct Memory;

#[protocol]
impl Memory {}

fn main() {}
