use suptree::prelude::*;

#[derive(Default)]
struct Cache(String);

#[genserver]
impl Cache {
    #[call]
    fn put(&mut self, text: &'a str) -> usize {
        self.0.push_str(text);
        self.0.len()
    }
}

async fn put(cache: CacheClient) -> Result<usize, CallError> {
    cache.put("text").await
}

fn main() {}
