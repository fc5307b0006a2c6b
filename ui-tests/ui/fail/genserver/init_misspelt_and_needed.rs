use suptree::prelude::*;

struct Cache(u8);

#[genserver]
impl Cache {
    #[int]
    fn init(first: u8) -> Self {
        Self(first)
    }

    #[call]
    fn get(&self) -> u8 {
        self.0
    }
}

supervisor! { App { strategy: one_for_one, children: [Cache(1)] } }

async fn get() -> Result<u8, Box<dyn std::error::Error>> {
    let cache = Cache::start(1).await?;
    Ok(cache.get().await?)
}

fn main() {}
