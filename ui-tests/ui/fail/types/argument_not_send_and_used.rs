use std::rc::Rc;

use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call]
    fn has(&self, key: Vec<Option<(u8, Rc<u8>)>>) -> bool {
        key.is_empty()
    }

    #[cast]
    fn set(&mut self, to: u8) {
        self.0 = to;
    }
}

supervisor! { App { strategy: one_for_one, children: [Cache] } }

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cache = Cache::start_link().await?;
    cache.has(Vec::new()).await?;
    cache.set(1).await?;
    let app = App::start_link().await?;
    app.cache().has(Vec::new()).await?;
    Ok(())
}
