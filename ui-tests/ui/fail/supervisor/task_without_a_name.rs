use suptree::prelude::*;

async fn work(_number: u32) {}

supervisor! { App { strategy: one_for_one, children: [task { work(1).await }] } }

fn main() {}
