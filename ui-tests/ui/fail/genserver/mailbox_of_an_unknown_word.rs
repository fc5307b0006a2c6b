use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(mailbox = many)]
impl Cache {}

fn main() {}
