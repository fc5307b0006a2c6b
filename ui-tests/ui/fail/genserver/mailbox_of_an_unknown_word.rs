use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(mailbox = unlimited)]
impl Cache {}

fn main() {}
