use suptree::prelude::*;

#[derive(Default)]
struct Disk;

#[genserver]
impl Disk {
    #[call]
    fn free(&self) -> u64 {
        7
    }
}

supervisor! {
    App {
        strategy: one_for_one,
        children: [
            supervisor Storage { strategy: one_for_all, children: [Disk] } as store,
        ],
    }
}

async fn free(app: App) -> Result<u64, CallError> {
    app.store().disk().free().await
}

fn main() {}
