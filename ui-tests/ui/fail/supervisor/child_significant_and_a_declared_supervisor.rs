use suptree::prelude::*;

supervisor! { Storage { strategy: one_for_one, children: [] } }

supervisor! {
    App {
        strategy: one_for_one,
        auto_shutdown: all_significant,
        children: [Storage as disks { significant: true }],
    }
}

fn main() {}
