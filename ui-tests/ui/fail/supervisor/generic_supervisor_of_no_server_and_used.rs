use suptree::prelude::*;

#[derive(Debug)]
struct Cache;

supervisor! { App<T: Clone + Send + 'static>(_value: T) { strategy: one_for_one, children: [Cache] } }

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = App::start_link("x").await?;
    app.cache().get().await?;
    Ok(())
}
