use std::rc::Rc;

use suptree::prelude::*;

struct Cache(u8);

#[genserver]
impl Cache {
    #[init]
    fn init(sizes: Vec<Rc<u8>>) -> Self {
        Self(*sizes[0])
    }

    #[call]
    fn size(&self) -> u8 {
        self.0
    }
}

supervisor! { App { strategy: one_for_one, children: [Cache(Vec::new())] } }
supervisor! { Caches { dynamic: Cache } }

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cache = Cache::start_link(Vec::new()).await?;
    cache.size().await?;
    App::start_link().await?.cache().size().await?;
    Caches::start_link().await?.start_child(Vec::new()).await?.size().await?;
    Ok(())
}
