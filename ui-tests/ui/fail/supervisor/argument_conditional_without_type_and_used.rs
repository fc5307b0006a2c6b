use suptree::prelude::*;

struct Cache;

#[genserver]
impl Cache {
    #[init]
    fn init(_size: u8) -> Self {
        Self
    }
}

supervisor! {
    App(#[cfg(all())] size: u8, #[cfg(any())] name) {
        strategy: one_for_one,
        children: [Cache(size)],
    }
}

async fn run() {
    let _ = App::start_link(1).await;
}

fn main() {}
