use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(mailbox = 0)]
impl Cache {}

fn main() {}
