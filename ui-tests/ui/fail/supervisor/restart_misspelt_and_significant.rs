use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

supervisor! {
    App {
        strategy: one_for_one,
        auto_shutdown: any_significant,
        children: [Cache { restart: transiet, significant: true }],
    }
}

fn main() {}
