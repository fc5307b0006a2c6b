use suptree::prelude::*;

struct Cache;

supervisor! {
    App {
        strategy: one_for_one,
        auto_shutdown: any_significant,
        children: [Cache { significant: true }],
    }
}

fn main() {}
