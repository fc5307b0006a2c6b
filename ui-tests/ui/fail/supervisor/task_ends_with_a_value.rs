use suptree::prelude::*;

async fn work() -> u8 {
    7
}

supervisor! { App { strategy: one_for_one, children: [task worker: work()] } }

fn main() {}
