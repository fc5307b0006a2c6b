use suptree::prelude::*;

#[genserver]
impl [u8; 4] {}

fn main() {}
