use suptree::prelude::*;

struct Cache;

supervisor! { Pool { partition: Cache, partitions: 2 } }
supervisor! { App { strategy: one_for_one, children: [Pool] } }

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = App::start_link().await?;
    app.pool().route(&1).get().await?;
    tokio::spawn(async move { app.stop().await });
    Ok(())
}
