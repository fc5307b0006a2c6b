use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[call]
    async fn pid(&self, cx: &Context<Self>) -> Pid {
        cx.pid()
    }
}

async fn pid(cache: CacheClient) -> Result<Pid, CallError> {
    cache.pid().await
}

fn main() {}
