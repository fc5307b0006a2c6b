use suptree::prelude::*;

struct Cache;

struct Web(u8);

#[genserver]
impl Web {
    #[init]
    fn init(_cache: CacheClient) -> Self {
        Self(1)
    }
}

type CacheClient = suptree::ServerRef<Web>;

supervisor! {
    App {
        strategy: one_for_one,
        children: [
            Cache,
            supervisor Inner {
                strategy: one_for_one,
                children: [Web(cache)],
            },
        ],
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = App::start_link().await?;
    app.cache().get().await?;
    app.inner().web().stop().await?;
    Ok(())
}
