use std::rc::Rc;

use suptree::prelude::*;

struct Config(Rc<u8>);

struct Cache(u8);

#[genserver]
impl Cache {
    #[init]
    async fn init(config: Config) -> Self {
        Self(*config.0)
    }

    #[call]
    fn get(&self) -> u8 {
        self.0
    }
}

async fn start() -> Result<u8, Box<dyn std::error::Error>> {
    let cache = Cache::start_link(Config(Rc::new(1))).await?;
    Ok(cache.get().await?)
}

fn main() {}
