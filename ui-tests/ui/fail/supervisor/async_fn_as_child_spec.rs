use suptree::prelude::*;

async fn looping(_n: u8) {}

supervisor! { App(n: u8) { strategy: one_for_one, children: [looping(n) as looping] } }

fn main() {}
