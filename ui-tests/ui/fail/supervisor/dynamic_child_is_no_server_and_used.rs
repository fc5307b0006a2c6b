use suptree::prelude::*;

struct Cache;

supervisor! { Caches(name = "caches") { dynamic: Cache } }
supervisor! { App { strategy: one_for_one, children: [Caches] } }

fn caches(app: &App) -> Caches {
    app.caches()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = App::start_link().await?;
    caches(&app).start_child(1).await?.get().await?;
    Caches::named().start_child((1, 2)).await?.get().await?;
    Ok(())
}
