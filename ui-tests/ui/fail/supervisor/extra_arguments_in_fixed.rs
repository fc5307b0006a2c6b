use suptree::prelude::*;

supervisor! { App(house: u8) { strategy: one_for_one, children: [], extra_arguments: [house] } }

fn main() {}
