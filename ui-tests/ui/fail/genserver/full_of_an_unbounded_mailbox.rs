use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(mailbox = unbounded, full = reject)]
impl Cache {}

fn main() {}
