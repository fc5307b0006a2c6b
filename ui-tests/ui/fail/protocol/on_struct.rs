use suptree::protocol;

#[protocol]
struct Memory;

fn main() {}
