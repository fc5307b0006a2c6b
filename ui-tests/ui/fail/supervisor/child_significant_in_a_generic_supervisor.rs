use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(restart = permanent)]
impl Cache {}

supervisor! {
    App<T: Clone + Send + 'static>(_value: T) {
        strategy: one_for_one,
        auto_shutdown: any_significant,
        children: [Cache { significant: true }],
    }
}

fn main() {}
