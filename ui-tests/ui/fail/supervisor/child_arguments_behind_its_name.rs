use suptree::prelude::*;

struct Counter(u64);

#[genserver]
impl Counter {
    #[init]
    fn init(start: u64) -> Self {
        Self(start)
    }
}


supervisor! { App { strategy: one_for_one, children: [Counter as low(1), Counter(2) as high] } }

fn uses(app: &App) {
    app.low();
}

fn main() {}
