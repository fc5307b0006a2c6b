use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[cfg(unix)]
    #[terminate]
    fn end(&mut self) {}

    #[terminate]
    fn end_elsewhere(&mut self) {}
}

fn main() {}
