use suptree::Registry;
use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

fn main() {
    let topics = Registry::<&str, (), _>::duplicate();
    let _cache = Cache::via(&topics, "news");
}
