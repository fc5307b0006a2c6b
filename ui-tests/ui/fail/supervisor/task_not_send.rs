use std::future::ready;
use std::rc::Rc;

use suptree::prelude::*;

async fn work() {
    let held = Rc::new(1);
    ready(()).await;
    drop(held);
}

supervisor! { App { strategy: one_for_one, children: [task worker: work()] } }

fn main() {}
