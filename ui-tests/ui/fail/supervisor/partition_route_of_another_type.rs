use suptree::prelude::*;

struct Worker(String);

#[genserver]
impl Worker {
    #[init]
    fn init(url: String) -> Self {
        Self(url)
    }
    #[cast]
    fn set(&mut self, url: String) {
        self.0 = url;
    }
}

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

supervisor! { App { strategy: one_for_one, children: [partition pool: Worker("x")] } }

fn wrong(app: &App) -> CacheClient {
    app.pool().route("joe")
}

fn main() {}
