//! Attributes of others that write a body anew: `#[tracing::instrument]`, before and after ours.

#![deny(warnings)]

use suptree::prelude::*;
use tracing::instrument;

#[derive(Debug, Default)]
struct Cache {
    value: Option<String>,
}

#[genserver]
impl Cache {
    #[init]
    #[instrument]
    async fn init(first: String) -> Result<Self, std::io::Error> {
        tokio::task::yield_now().await;
        Ok(Self { value: Some(first) })
    }

    #[instrument]
    #[call]
    fn get(&self) -> Option<String> {
        self.value.clone()
    }

    #[call]
    #[instrument(skip_all, fields(length = new.len()))]
    fn replace(&mut self, new: String, cx: &mut Context<Self>) -> Option<String> {
        let _ = cx;
        self.value.replace(new)
    }

    #[cast]
    #[tracing::instrument(level = "info", skip(self), err)]
    async fn save(&mut self, new: String) -> Result<(), std::io::Error> {
        tokio::task::yield_now().await;
        self.value = Some(new);
        Ok(())
    }

    #[tracing::instrument(skip(self), ret)]
    #[call]
    async fn slow(&self, (a, b): (u8, u8)) -> u8 {
        tokio::task::yield_now().await;
        a + b
    }

    #[info]
    #[instrument]
    async fn tick(&mut self, _tick: u8) {}

    #[call]
    #[instrument(skip(self, reply))]
    async fn later(&self, reply: ReplyTo<usize>) {
        tokio::task::yield_now().await;
        reply.send(self.value.as_ref().map_or(0, String::len));
    }

    #[terminate]
    #[instrument]
    async fn bye(&mut self, reason: &ExitReason) {
        tokio::task::yield_now().await;
        assert_eq!(*reason, ExitReason::Normal);
    }

    #[instrument]
    async fn helper(&self) {}
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cache = Cache::start("one").await?;
    assert_eq!(cache.replace("two").await?.as_deref(), Some("one"));
    cache.save("three").await?;
    cache.tick(1).await?;
    assert_eq!(cache.slow((1, 2)).await?, 3);
    assert_eq!(cache.later().await?, 5);
    assert_eq!(cache.get().await?.as_deref(), Some("three"));
    cache.stop().await?;
    Cache { value: None }.helper().await;
    Ok(())
}
