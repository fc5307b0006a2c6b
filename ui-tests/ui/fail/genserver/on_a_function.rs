use suptree::prelude::*;

#[genserver]
fn get() -> u8 {
    0
}

fn main() {}
