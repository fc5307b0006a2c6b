use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call]
    fn get(&self) -> u8 {
        self.0
    }
}

async fn uses(cache: CacheClient) -> Result<u8, CallError> {
    let kept = cache.get()?;
    Ok(kept)
}

fn main() {}
