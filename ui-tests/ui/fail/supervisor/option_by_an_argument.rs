use std::time::Duration;

use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

supervisor! { App(wait: Duration) { strategy: one_for_one, children: [Cache { shutdown: wait }] } }

async fn start() -> Result<CacheClient, StartError> {
    Ok(App::start_link(Duration::from_secs(1)).await?.cache())
}

fn main() {}
