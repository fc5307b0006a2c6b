use std::rc::Rc;

use suptree::prelude::*;

#[derive(Clone)]
struct Key(Rc<u8>);

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call]
    fn has(&self, key: Key) -> bool {
        *key.0 == self.0
    }

    #[cast]
    fn set(&mut self, to: u8) {
        self.0 = to;
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cache = Cache::start_link().await?;
    cache.has(Key(Rc::new(1))).await?;
    cache.set(1).await?;
    Ok(())
}
