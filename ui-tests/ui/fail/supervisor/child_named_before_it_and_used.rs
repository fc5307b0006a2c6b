use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[call]
    fn get(&self) -> u64 {
        1
    }
}

supervisor! {
    App {
        strategy: one_for_one,
        children: [
            users: Cache { restart: transient },
            Cache as pages,
        ],
    }
}

async fn get(app: AppRef) -> Result<u64, CallError> {
    app.users().get().await
}

fn main() {}
