use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[cast]
    fn run(&mut self, job: dyn FnOnce() + Send) {}
}

fn main() {}
