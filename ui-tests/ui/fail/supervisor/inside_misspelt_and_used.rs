use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

supervisor! {
    App {
        strategy: one_for_one,
        children: [supervisr Storage { strategy: one_for_all, children: [Cache] }],
    }
}

fn cache(app: &App) -> CacheClient {
    app.storage().cache()
}

fn main() {}
