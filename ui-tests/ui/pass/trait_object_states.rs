//! States that hold what they do not know: boxed, shared, generic with a default, and servers for trait objects themselves.

#![deny(warnings)]

use std::sync::Arc;

use suptree::prelude::*;

trait Backend {
    fn load(&mut self, key: &str) -> Option<String>;
}

struct Fixed(&'static str);

impl Backend for Fixed {
    fn load(&mut self, key: &str) -> Option<String> {
        (key == "key").then(|| self.0.to_owned())
    }
}

impl<B: Backend + ?Sized> Backend for Box<B> {
    fn load(&mut self, key: &str) -> Option<String> {
        (**self).load(key)
    }
}

struct Cache {
    backend: Box<dyn Backend + Send>,
    shown: Option<Arc<dyn Fn(&str) -> String + Send + Sync>>,
}

#[genserver(restart = temporary)]
impl Cache {
    #[init]
    fn init(backend: Box<dyn Backend + Send>) -> Self {
        Self {
            backend,
            shown: None,
        }
    }

    #[call]
    fn get(&mut self, key: String) -> Option<String> {
        let found = self.backend.load(&key)?;
        Some(
            self.shown
                .as_ref()
                .map_or(found.clone(), |shown| shown(&found)),
        )
    }

    #[call]
    async fn slow(&mut self, key: String) -> Option<String> {
        tokio::task::yield_now().await;
        self.backend.load(&key)
    }

    #[cast]
    fn shown(&mut self, shown: Arc<dyn Fn(&str) -> String + Send + Sync>) {
        self.shown = Some(shown);
    }
}

struct Over<B = Box<dyn Backend + Send>>(B);

#[genserver(restart = temporary)]
impl<B: Backend> Over<B> {
    #[init]
    fn init(backend: B) -> Self {
        Self(backend)
    }

    #[call]
    fn get(&mut self, key: String) -> Option<String> {
        self.0.load(&key)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cache = Cache::start(Box::new(Fixed("value"))).await?;
    assert_eq!(cache.get("key").await?.as_deref(), Some("value"));
    assert_eq!(cache.slow("other").await?, None);
    cache.shown(Arc::new(str::to_uppercase)).await?;
    assert_eq!(cache.get("key").await?.as_deref(), Some("VALUE"));
    let over = Over::start(Fixed("one")).await?;
    assert_eq!(over.get("key").await?.as_deref(), Some("one"));
    let boxed: OverClient<Box<dyn Backend + Send>> =
        Over::start(Box::new(Fixed("two")) as Box<dyn Backend + Send>).await?;
    assert_eq!(boxed.get("key").await?.as_deref(), Some("two"));
    Ok(())
}
