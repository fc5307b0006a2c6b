use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call]
    fn get(&self, first: ReplyTo<u8>, second: ReplyTo<u8>) {
        first.send(self.0);
        second.send(self.0);
    }
}

fn main() {}
