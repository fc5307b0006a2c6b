use suptree::prelude::*;

#[derive(Default)]
struct Cache(u64);

#[genserver]
impl Cache {
    #[call]
    fn put(&mut self, key: String, reply: ReplyTo) {
        self.0 += 1;
        reply.send(key);
    }
}

async fn put(cache: CacheClient) -> Result<(), CallError> {
    let _ = cache.put("a").await?;
    Ok(())
}

fn main() {}
