use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[cast]
    fn start_link(&mut self) {}
}

fn main() {}
