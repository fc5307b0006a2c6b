use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call(task)]
    fn get(&self) {}
}

fn main() {}
