use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call]
    fn get(&self, reply: ReplyTo<String>) {
        reply.send(self.0);
    }
}

fn main() {}
