use suptree::prelude::*;

#[derive(Default)]
struct Cache(u64);

#[derive(Default)]
struct Log;

#[genserver]
impl Log {}

#[genserver]
impl Cache {
    #[cast]
    async fn close(&mut self, cx: &mut Context<Log>) {
        self.0 = 0;
        cx.stop(ExitReason::Normal);
    }
}

async fn close(cache: CacheClient) -> Result<(), CastError> {
    cache.close().await
}

fn main() {}
