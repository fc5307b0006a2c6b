use suptree::prelude::*;

#[genserver]
mod cache {}

fn main() {}
