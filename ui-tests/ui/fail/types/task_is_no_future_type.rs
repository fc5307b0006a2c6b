use suptree::prelude::*;

struct Page;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call(task)]
    fn get(&self) -> Page {
        Page
    }
}

fn main() {}
