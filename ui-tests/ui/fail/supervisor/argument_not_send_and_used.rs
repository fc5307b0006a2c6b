use std::rc::Rc;

use suptree::prelude::*;

#[derive(Clone)]
struct Config(Rc<u8>);

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[init]
    fn init(_size: u8) -> Self {
        Self
    }
}

supervisor! { App(config: Config) { strategy: one_for_one, children: [Cache(*config.0)] } }

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = App::start_link(Config(Rc::new(1))).await?;
    app.cache().stop().await?;
    Ok(())
}
