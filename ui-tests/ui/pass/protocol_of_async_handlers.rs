//! A protocol does not say whether a handler is `async`, or how it answers.

#![deny(warnings)]

use std::time::Duration;

use suptree::prelude::*;
use suptree::protocol;

#[protocol]
trait Adder {
    #[call]
    fn add(&mut self, n: u64) -> u64;
}

#[derive(Default)]
struct Waits(u64);

#[genserver(protocols(Adder))]
impl Waits {
    #[call(timeout = 1s)]
    async fn add(&mut self, n: u64, cx: &mut Context<Self>) -> u64 {
        tokio::task::yield_now().await;
        self.0 += n + u64::from(cx.pid() == self_pid());
        self.0
    }
}

#[derive(Default)]
struct AnswersLater(u64);

#[genserver(protocols(Adder))]
impl AnswersLater {
    #[call]
    fn add(&mut self, n: u64, reply: ReplyTo<u64>) {
        self.0 += n;
        let sum = self.0;
        tokio::spawn(async move { reply.send(sum) });
    }
}

/// Takes what is made of a number, where the other takes the number.
#[derive(Default)]
struct Generous(u64);

#[genserver(protocols(Adder))]
impl Generous {
    #[call]
    async fn add(&mut self, n: impl Into<u64>) -> u64 {
        tokio::task::yield_now().await;
        self.0 += n.into();
        self.0
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let adders: [AdderClient; 3] = [
        Waits::start().await?.into(),
        AnswersLater::start().await?.into(),
        Generous::start().await?.into(),
    ];
    for (adder, sum) in adders.iter().zip([8, 7, 7]) {
        assert_eq!(adder.add(7).timeout(Duration::from_secs(5)).await?, sum);
    }
    Ok(())
}
