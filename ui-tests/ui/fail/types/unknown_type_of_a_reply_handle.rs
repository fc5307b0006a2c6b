use suptree::prelude::*;

#[derive(Default)]
struct Cache(Vec<u64>);

#[genserver]
impl Cache {
    #[call]
    fn get(&self, reply: ReplyTo<Value>) {
        drop(reply);
    }
}

fn main() {}
