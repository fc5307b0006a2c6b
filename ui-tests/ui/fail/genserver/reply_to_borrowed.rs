use suptree::prelude::*;

#[derive(Default)]
struct Cache(u32);

#[genserver]
impl Cache {
    #[call]
    fn get(&self, reply: &ReplyTo<u32>) {
        reply.send(self.0);
    }
}

async fn get(cache: CacheClient) -> Result<u32, CallError> {
    cache.get().await
}

fn main() {}
