use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(name = "cache")]
impl Cache {
    fn whereis() -> &'static str {
        "cache"
    }
}

fn main() {}
