use suptree::prelude::*;

#[protocol]
trait KeyValue {
    #[call]
    fn get(&self, key: String, reply: ReplyTo<Option<u64>>);
}

#[derive(Default)]
struct Memory;

#[genserver(protocols(KeyValue))]
impl Memory {
    #[call]
    fn get(&self, key: String, reply: ReplyTo<Option<u64>>) {
        reply.send(key.parse().ok());
    }
}

fn main() {}
