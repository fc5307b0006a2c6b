use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(name = "cache")]
impl Cache {
    fn named() -> &'static str {
        "cache"
    }
}

fn main() {}
