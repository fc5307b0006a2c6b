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

supervisor! { App { strategy: one_for_one, children: [Cache<u8>] } }

async fn get(app: App) -> Result<u8, CallError> {
    app.cache().get().await
}

fn main() {}
