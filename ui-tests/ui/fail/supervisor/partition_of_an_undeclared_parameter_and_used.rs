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

supervisor! { Pool(value: u8) { partition: Held<T>(value) } }

async fn get(pool: Pool) -> Result<u8, CallError> {
    pool.route(&1).get().await
}

fn main() {}
