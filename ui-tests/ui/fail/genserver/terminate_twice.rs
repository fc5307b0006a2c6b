use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[terminate]
    fn close(&mut self) {}
    #[terminate]
    fn flush(&mut self) {}
}

fn main() {}
