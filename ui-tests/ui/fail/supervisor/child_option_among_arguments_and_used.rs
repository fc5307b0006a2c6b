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
    App {
        strategy: one_for_one,
        auto_shutdown: any_significant,
        children: [Cache(1, restart: transient) { significant: true }],
    }
}

async fn get(app: AppRef) -> Result<u64, CallError> {
    app.cache().get().await
}

fn main() {}
