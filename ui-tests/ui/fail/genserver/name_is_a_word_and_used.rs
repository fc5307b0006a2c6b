use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(name = cache)]
impl Cache {
    #[call]
    fn get(&self) {}
}

async fn get() -> Result<(), CallError> {
    Cache::named().get().await
}

fn main() {}
