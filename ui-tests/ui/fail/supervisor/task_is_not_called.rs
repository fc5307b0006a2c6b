use suptree::prelude::*;

async fn beat() {
    std::future::pending().await
}

supervisor! { App { strategy: one_for_one, children: [task beat: beat] } }

fn main() {}
