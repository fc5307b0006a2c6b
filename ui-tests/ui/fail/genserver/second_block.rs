use suptree::prelude::*;

#[derive(Default)]
struct Cache(Option<String>);

#[genserver]
impl Cache {
    #[call]
    fn get(&self) -> Option<String> {
        self.0.clone()
    }
}

#[genserver]
impl Cache {
    #[cast]
    fn save(&mut self, new: String) {
        self.0 = Some(new);
    }
}

async fn save(cache: CacheClient) -> Result<Option<String>, Box<dyn std::error::Error>> {
    cache.save("elixir").await?;
    Ok(cache.get().await?)
}

fn main() {}
