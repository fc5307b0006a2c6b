use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call(task)]
    fn get(&self, reply: ReplyTo<u8>) -> impl Future<Output = ()> + use<> {
        let n = self.0;
        async move { reply.send(n) }
    }
}

fn main() {}
