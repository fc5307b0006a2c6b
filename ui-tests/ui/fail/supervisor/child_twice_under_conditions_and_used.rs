use suptree::prelude::*;

#[derive(Default)]
struct Cache(u64);

#[genserver]
impl Cache {
    #[call]
    fn get(&self) -> u64 {
        self.0
    }
}

supervisor! {
    App {
        strategy: one_for_one,
        children: [
            #[cfg(all())]
            Cache,
            #[cfg(not(any()))]
            Cache,
        ],
    }
}

async fn get(app: AppRef) -> Result<u64, CallError> {
    app.cache().get().await
}

fn main() {}
