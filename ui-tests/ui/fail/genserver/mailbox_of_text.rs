use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(mailbox = "large")]
impl Cache {}

fn main() {}
