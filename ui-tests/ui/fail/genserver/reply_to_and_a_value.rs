use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call]
    fn get(&self, reply: ReplyTo<u8>) -> u8 {
        drop(reply);
        self.0
    }
}

fn main() {}
