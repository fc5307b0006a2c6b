use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(idle = infinity)]
impl Cache {
    #[timeout]
    fn idle(&mut self) {}
}

fn main() {}
