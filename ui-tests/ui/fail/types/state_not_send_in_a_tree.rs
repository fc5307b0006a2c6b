use std::rc::Rc;

use suptree::prelude::*;

#[derive(Default)]
struct Cache(Rc<u8>);

#[genserver(name = "cache")]
impl Cache {
    #[call]
    fn get(&self) -> u8 {
        *self.0
    }
}

#[derive(Default)]
struct Reader;

#[genserver]
impl Reader {
    #[call]
    async fn read(&self, cache: CacheClient) -> Option<u8> {
        cache.get().await.ok()
    }
}

supervisor! { App { strategy: one_for_one, children: [Cache, Reader] } }

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = App::start_link().await?;
    app.reader().read(app.cache()).await?;
    Ok(())
}
