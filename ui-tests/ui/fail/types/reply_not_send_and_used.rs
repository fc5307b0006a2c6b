use std::rc::Rc;

use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call]
    async fn all(&self) -> Result<Vec<Rc<u8>>, std::fmt::Error> {
        Ok(Vec::new())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cache = Cache::start_link().await?;
    let all = cache.all().await??;
    println!("{all:?}");
    Ok(())
}
