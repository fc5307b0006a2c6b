use suptree::prelude::*;

async fn work() {}

supervisor! { App { strategy: one_for_one, children: [task worker work()] } }

fn main() {}
