//! Handlers with one local and one `.await`, of which is asked that the local is `Send`: in every role, of servers that call each other and themselves,
//! borrowed, generic, by a macro; and locals that end before.

#![deny(warnings)]

use std::rc::Rc;
use std::time::Duration;

use suptree::prelude::*;
use tokio::task::yield_now;

#[derive(Default)]
struct Ping {
    other: Option<PongClient>,
    count: u32,
}

#[genserver]
impl Ping {
    #[call]
    async fn count_down(&mut self, from: u32) -> u32 {
        let other = self.other.clone().expect("it is met");
        match from {
            0 => 0,
            n => other.count_down(n - 1).await.unwrap_or_default(),
        }
    }

    #[call]
    async fn later(&self, cx: &mut Context<Self>, n: u32) -> u32 {
        let me = cx.client();
        drop(me.later(n + 1).timeout(Duration::ZERO).await);
        n
    }

    #[cast]
    async fn meet(&mut self, other: PongClient) {
        let other = other;
        yield_now().await;
        self.other = Some(other);
    }

    #[terminate]
    async fn terminate(&mut self) {
        let count = self.count;
        yield_now().await;
        self.count = count;
    }
}

struct Pong {
    other: PingClient,
    bytes: Vec<u8>,
}

#[genserver]
impl Pong {
    #[init]
    async fn init(other: PingClient) -> Result<Self, String> {
        let bytes = vec![1];
        yield_now().await;
        Ok(Self { other, bytes })
    }

    #[call]
    async fn count_down(&mut self, from: u32) -> u32 {
        let other = &self.other;
        other.count_down(from).await.unwrap_or_default()
    }

    #[call]
    async fn length(&self) -> usize {
        let part = &self.bytes[..];
        yield_now().await;
        part.len()
    }

    #[call]
    async fn ended(&mut self) -> usize {
        let length = {
            let shared = Rc::new(self.bytes.len());
            *shared
        };
        yield_now().await;
        length
    }

    #[call]
    async fn dropped(&mut self) -> usize {
        let shared = Rc::new(self.bytes.len());
        drop(shared);
        yield_now().await;
        self.bytes.len()
    }

    #[info]
    async fn tick(&mut self, n: u8) {
        let mut n = n;
        yield_now().await;
        n += 1;
        self.bytes.push(n);
    }

    #[every(Duration::from_secs(1))]
    async fn clean(&mut self) {
        let length = self.bytes.len();
        yield_now().await;
        self.bytes.truncate(length / 2);
    }
}

struct Stack<T>(Vec<T>);

#[genserver]
impl<T: Clone + Send + Sync + 'static> Stack<T> {
    #[init]
    async fn init(first: T) -> Self {
        let all = vec![first];
        yield_now().await;
        Self(all)
    }

    #[call]
    async fn top(&self) -> Option<T> {
        let top = self.0.last();
        yield_now().await;
        top.cloned()
    }

    #[call]
    async fn never(&mut self) -> ! {
        let length = self.0.len();
        yield_now().await;
        panic!("{length}")
    }
}

macro_rules! server {
    ($name:ident, $body:block) => {
        #[derive(Default)]
        struct $name;

        #[genserver]
        impl $name {
            #[call]
            async fn get(&mut self) -> u8 $body
        }
    };
}

server!(ByMacro, {
    let one = 1;
    yield_now().await;
    one
});

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let ping = Ping::start().await?;
    let pong = Pong::start(ping.clone()).await?;
    ping.meet(pong.clone()).await?;
    assert_eq!(pong.length().await?, 1);
    assert_eq!(pong.ended().await?, 1);
    assert_eq!(pong.dropped().await?, 1);
    assert_eq!(pong.count_down(0).await?, 0);
    assert_eq!(ping.later(3).await?, 3);
    pong.send(4).await?;
    assert_eq!(pong.length().await?, 2);

    let stack = Stack::start(7).await?;
    assert_eq!(stack.top().await?, Some(7));
    assert_eq!(ByMacro::start().await?.get().await?, 1);
    Ok(())
}
