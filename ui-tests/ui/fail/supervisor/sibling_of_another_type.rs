use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

struct Api(CacheClient);

#[genserver]
impl Api {
    #[init]
    fn init(cache: CacheClient) -> Self {
        Self(cache)
    }

    #[call]
    fn is_there(&self) -> bool {
        self.0.is_alive()
    }
}

supervisor! { App { strategy: one_for_one, children: [Cache, Api(api) as api] } }

fn main() {}
