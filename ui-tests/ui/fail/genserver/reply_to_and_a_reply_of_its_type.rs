use suptree::prelude::*;

struct Page;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[call]
    fn get(&self, reply: ReplyTo<Page>) -> Page {
        drop(reply);
        Page
    }
}

fn main() {}
