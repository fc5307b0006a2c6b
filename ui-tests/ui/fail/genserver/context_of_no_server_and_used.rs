use suptree::prelude::*;

#[derive(Default)]
struct Cache(u64);

#[genserver]
impl Cache {
    #[call]
    fn close(&mut self, cx: &mut Context<String>) -> u64 {
        cx.stop(ExitReason::Normal);
        self.0
    }
}

async fn close(cache: CacheClient) -> Result<u64, CallError> {
    cache.close().await
}

fn main() {}
