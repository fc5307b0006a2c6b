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

supervisor! { App { strategy: one_for_one, children: [Counter::start_link(7)] } }

fn counter(app: &App) -> CounterClient {
    app.counter()
}

fn main() {}
