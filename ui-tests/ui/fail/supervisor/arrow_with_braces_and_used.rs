use suptree::prelude::*;

struct Cache(u64);

#[genserver]
impl Cache {
    #[init]
    fn init(first: u64) -> Self {
        Self(first)
    }

    #[call]
    fn get(&self) -> u64 {
        self.0
    }
}

supervisor! {
    App(on: bool) {
        strategy: one_for_one,
        children: [if on => { Cache(1) }],
    }
}

async fn get(app: AppRef) -> Result<u64, CallError> {
    app.cache().get().await
}

fn main() {}
