//! The context and `ReplyTo` in every place and spelling.

#![deny(warnings)]

use std::collections::VecDeque;

use suptree::prelude::*;

mod again {
    pub use suptree::{Context, ReplyTo};
}

// By another name it is an argument like any other.
use suptree::ReplyTo as Caller;

#[derive(Default)]
struct Desk {
    waiting: VecDeque<ReplyTo<String>>,
    served: u32,
}

#[genserver]
impl Desk {
    #[call]
    fn first(&self, cx: &mut Context<Self>, a: u8) -> (Option<Pid>, u8) {
        (cx.client().pid(), a)
    }

    #[call]
    fn last(&self, a: u8, cx: &mut suptree::Context<Desk>) -> (Option<Pid>, u8) {
        (cx.client().pid(), a)
    }

    #[call]
    async fn middle(&mut self, a: u8, _: &mut ::suptree::Context<Self>, b: u8) -> u8 {
        a + b
    }

    #[call]
    fn ticket(&mut self, reply: ReplyTo<String>) {
        self.waiting.push_back(reply);
    }

    #[cast]
    fn next(&mut self, name: String) {
        if let Some(reply) = self.waiting.pop_front() {
            self.served += 1;
            reply.send(name);
        }
    }

    #[call]
    async fn both(
        &mut self,
        r#reply: suptree::ReplyTo<Result<u32, Box<dyn std::error::Error + Send>>>,
        cx: &mut Context<Self>,
        mut by: u32,
    ) {
        by += cx.client().pid().map_or(0, |_| self.served);
        tokio::task::yield_now().await;
        reply.send(Ok(by));
    }

    #[call]
    fn unit(&self, answer: ReplyTo<()>) -> Result<(), std::io::Error> {
        answer.send(());
        Ok(())
    }

    #[call]
    fn again(&self, cx: &mut again::Context<Self>, reply: again::ReplyTo<u32>) {
        let _ = cx;
        reply.send(self.served);
    }

    #[cast]
    fn take_over(&mut self, caller: Caller<String>) {
        caller.send("taken over".to_owned());
    }

    #[info]
    fn told(&mut self, (): (), context: &mut Context<Self>) -> Result<(), ExitReason> {
        context.stop(ExitReason::Normal);
        Ok(())
    }

    #[terminate]
    fn bye(&mut self, _cx: &mut Context<Self>, _: &ExitReason) {
        self.waiting.clear();
    }
}

struct HandsOver(DeskClient);

#[genserver]
impl HandsOver {
    #[init]
    fn init(desk: DeskClient) -> Self {
        Self(desk)
    }

    #[call]
    async fn ask(&self, reply: ReplyTo<String>) {
        let _ = self.0.take_over(reply).await;
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let desk = Desk::start().await?;
    assert_eq!(desk.first(1).await?, (desk.pid(), 1));
    assert_eq!(desk.last(2).await?, (desk.pid(), 2));
    assert_eq!(desk.middle(1, 2).await?, 3);
    let (ticket, next) = tokio::join!(desk.ticket(), desk.next("ana"));
    next?;
    assert_eq!(ticket?, "ana");
    assert_eq!(desk.both(1).await?.ok(), Some(2));
    desk.unit().await?;
    assert_eq!(desk.again().await?, 1);
    let other = HandsOver::start(desk.clone()).await?;
    assert_eq!(other.ask().await?, "taken over");
    let end = desk.monitor();
    desk.told(()).await?;
    assert_eq!(end.await.reason, ExitReason::Normal);
    Ok(())
}
