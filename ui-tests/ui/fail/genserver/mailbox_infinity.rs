use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(mailbox = infinity)]
impl Cache {}

fn main() {}
