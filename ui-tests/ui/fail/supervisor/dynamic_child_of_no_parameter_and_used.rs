use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[call]
    fn get(&self) -> u8 {
        1
    }
}

struct Held<T>(T);

#[genserver]
impl<T: Clone + Send + 'static> Held<T> {
    #[init]
    fn init(value: T) -> Self {
        Self(value)
    }

    #[call]
    fn get(&self) -> T {
        self.0.clone()
    }
}

supervisor! { Caches { dynamic: Cache<u8> } }

async fn get(caches: Caches) -> Result<u8, Box<dyn std::error::Error>> {
    Ok(caches.start_child(()).await?.get().await?)
}

fn main() {}
