use suptree::prelude::*;

struct Worker(u8);

#[genserver]
impl Worker {
    #[init]
    fn init(number: u8) -> Self {
        Self(number)
    }

    #[call]
    fn number(&self) -> u8 {
        self.0
    }
}

supervisor! {
    App {
        strategy: one_for_one,
        children: [
            for number in 0..3 { Worker(number) as workers },
        ],
    }
}

async fn used() {
    let app = App::start_link().await.unwrap();
    for worker in app.workers() {
        let _ = worker.number().await;
    }
}

fn main() {}
