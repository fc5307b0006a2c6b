use suptree::prelude::*;

struct Cache;

#[genserver]
impl Cache {
    #[init]
    async fn init() -> Result<Self, Box<dyn std::error::Error>> {
        Ok(Self)
    }
}

fn main() {}
