use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[cast]
    fn close(&mut self, mut cx: Context<Cache>) {
        cx.stop(ExitReason::Normal);
    }
}

async fn close(cache: CacheClient) -> Result<(), CastError> {
    cache.close().await
}

fn main() {}
