//! A crate without `std` of its own: the macros name nothing of it.

#![no_std]

extern crate alloc;

use alloc::string::String;
use alloc::vec::Vec;

use suptree::prelude::*;

struct Cache(String);

#[genserver(protocols(Source))]
impl Cache {
    #[init]
    fn init(text: String) -> Self {
        Self(text)
    }

    #[call]
    fn text(&self) -> String {
        self.0.clone()
    }

    #[call(task)]
    fn later(&self) -> impl Future<Output = usize> + Send + use<> {
        let length = self.0.len();
        async move { length }
    }

    #[cast]
    async fn save(&mut self, new: String) {
        self.0 = new;
    }

    #[every(1m)]
    fn tidy(&mut self) {}
}

#[protocol]
trait Source {
    #[call]
    fn text(&self) -> String;
}

async fn serve(_of: CacheClient) {
    suptree::stopping().await;
}

supervisor! {
    App(text: String) {
        strategy: one_for_one,
        children: [
            Cache(text) as cache,
            for name in ["a", "b"] => Cache(name) as caches,
            task serve: serve(cache),
        ],
    }
}

supervisor! { Caches { dynamic: Cache } }

async fn run() {
    let app = App::start_link("x").await.unwrap();
    let texts: Vec<CacheClient> = app.caches();
    assert_eq!(texts.len(), 2);
    let source: SourceClient = app.cache().into();
    assert_eq!(source.text().await.unwrap(), "x");
    let mock = SourceClient::from_fn(|| "y".into());
    assert_eq!(mock.text().await.unwrap(), "y");
    assert_eq!(app.cache().later().await.unwrap(), 1);
    app.stop().await.unwrap();
}

fn main() {
    let _ = run();
}
