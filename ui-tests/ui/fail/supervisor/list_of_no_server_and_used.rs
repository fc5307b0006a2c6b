use suptree::prelude::*;

struct Cache;

supervisor! { App(count: u32) { strategy: one_for_one, children: [for n in 0..count => Cache(n) as caches] } }

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = App::start_link(3).await?;
    for cache in app.caches() {
        cache.get().await?;
    }
    Ok(())
}
