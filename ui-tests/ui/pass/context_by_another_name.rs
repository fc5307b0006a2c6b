//! The context of the server under another name of its type is the server's own.
#![deny(warnings)]

use suptree::prelude::*;

#[derive(Default)]
pub struct Cache(u8);

type Me = Cache;

mod alias {
    pub(super) type Context = suptree::Context<super::Cache>;
}

#[genserver(parts)]
impl Cache {
    #[init]
    fn init(cx: &mut Context<Me>) -> Self {
        cx.trap_exit(true);
        Self(1)
    }

    #[call]
    fn get(&self, cx: &Context<Me>) -> (Pid, u8) {
        (cx.pid(), self.0)
    }

    #[cast]
    fn close(&mut self, cx: &mut alias::Context) {
        cx.stop(ExitReason::Normal);
    }

    #[info]
    async fn told(&mut self, number: u8, cx: &mut suptree::Context<Me>) {
        tokio::task::yield_now().await;
        if cx.pid() == self_pid() {
            self.0 = number;
        }
    }

    #[terminate]
    async fn end(&mut self, cx: &mut Context<Me>) {
        let _ = (cx.pid(), self.0);
        tokio::task::yield_now().await;
    }
}

#[genserver(part)]
impl Cache {
    #[call]
    async fn add(&self, more: u8, cx: &mut Context<Me>) -> u8 {
        let _ = cx.pid();
        tokio::task::yield_now().await;
        self.0 + more
    }
}

#[tokio::main]
async fn main() {
    let cache = Cache::start().await.expect("started");
    cache.told(4).await.expect("told");
    assert_eq!(cache.add(2).await.expect("answered"), 6);
    assert_eq!(cache.get().await.expect("answered"), (cache.pid().expect("alive"), 4));
    cache.close().await.expect("sent");
}
