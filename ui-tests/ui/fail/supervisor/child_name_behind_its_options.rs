use suptree::prelude::*;

struct Counter(u64);

#[genserver]
impl Counter {
    #[init]
    fn init(start: u64) -> Self {
        Self(start)
    }
}


supervisor! { App { strategy: one_for_one, children: [Counter(1) { restart: transient } as low, Counter(2)] } }

fn uses(app: &App) {
    app.low();
    app.counter();
}

fn main() {}
