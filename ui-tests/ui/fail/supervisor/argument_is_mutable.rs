use suptree::prelude::*;

struct Counter(u64);

#[genserver]
impl Counter {
    #[init]
    fn init(start: u64) -> Self {
        Self(start)
    }

    #[call]
    fn get(&self) -> u64 {
        self.0
    }
}

supervisor! { App(mut start: u64) { strategy: one_for_one, children: [Counter(start)] } }

async fn start() -> Result<App, StartError> {
    App::start_link(7).await
}

fn main() {}
