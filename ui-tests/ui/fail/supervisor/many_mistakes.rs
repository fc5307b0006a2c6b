use suptree::prelude::*;

struct Disk;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

supervisor! {
    App(nme = "app") {
        strategy: one_by_one,
        max_seconds: 0,
        max_restart: 3,
        children: [
            Cache,
            Cache,
            Cache as other { restart: always, shutdwn: 10s },
            Disk,
        ],
    }
}

fn main() {}
