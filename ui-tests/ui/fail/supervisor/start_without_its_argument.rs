use suptree::prelude::*;

supervisor! { App(size: u8) { strategy: one_for_one, children: [] } }

async fn uses() {
    let _ = App::start_link().await;
}

fn main() {}
