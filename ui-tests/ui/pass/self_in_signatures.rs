//! `Self` in arguments and replies: the server itself, what it has, and what it is found by. And the server's name in its place.

#![deny(warnings)]

use std::marker::PhantomData;

use suptree::prelude::*;

#[derive(Clone, Debug, PartialEq)]
struct Counter(u32);

trait Limited {
    type Step;
    const LIMIT: usize;
    fn all() -> usize {
        Self::LIMIT
    }
}

impl Limited for Counter {
    type Step = u32;
    const LIMIT: usize = 2;
}

type Number = Counter;

#[protocol]
trait Halved {
    #[call]
    fn half(self: &Self) -> u32;
}

#[genserver(
    protocols(Halved),
    parts,
    mailbox = Self::ROOM,
    shutdown = Self::PATIENCE,
    idle = { <Self>::PATIENCE },
    name = (Self::ROOM, <Self as Limited>::LIMIT, from.as_ref().map(|Self(from)| *from))
)]
impl Counter {
    const ROOM: usize = 3;
    const PATIENCE: std::time::Duration = std::time::Duration::from_secs(3_600);

    #[init]
    fn init(from: Option<Self>) -> Self {
        from.unwrap_or(Self(0))
    }

    #[call]
    fn max(&self, other: Self) -> Self {
        Self(self.0.max(other.0))
    }

    #[call]
    fn steps(
        &self,
        steps: [<Self as Limited>::Step; Self::ROOM],
    ) -> [Option<Self>; <Self as Limited>::LIMIT] {
        [Some(Self(steps.iter().sum())), None]
    }

    #[cast]
    fn replace(&mut self, Self(new): Self, _: PhantomData<Self>) {
        self.0 = new;
    }

    #[call]
    fn apply(&mut self, change: fn(&mut Self) -> u32) -> u32 {
        change(self)
    }

    #[call]
    async fn change(
        &mut self,
        change: Box<dyn FnOnce(&mut Self) + Send>,
    ) -> Result<Self, Vec<Self>> {
        change(self);
        Ok(self.clone())
    }

    #[call]
    fn client(
        self: &Self,
        cx: &mut Context<Self>,
        others: Vec<<Self as GenServer>::Client>,
    ) -> Vec<CounterClient> {
        let mut all = others;
        all.push(cx.client());
        all
    }

    #[call(timeout = Self::PATIENCE)]
    fn patience(&self) -> u64 {
        Self::PATIENCE.as_secs()
    }

    #[every(Self::PATIENCE)]
    fn tick(&mut self) {
        *self = Self(0);
    }

    #[timeout]
    fn idle(self: &mut Counter) {}

    #[call]
    fn add(self: &mut Counter, other: Counter, cx: &mut Context<Counter>) -> Pid {
        self.0 += other.0;
        cx.pid()
    }

    #[call]
    async fn get(self: &Counter, _: &mut Context<crate::Counter>) -> u32 {
        self.0
    }

    #[call]
    async fn double(self: &mut self::Counter) {
        self.0 *= 2;
    }

    #[call(blocking)]
    fn shared(self: &Number, cx: &Context<Self>) -> Pid {
        cx.pid()
    }

    #[terminate]
    async fn bye(self: &mut Counter) {}

    #[call]
    fn set(self: &mut Self, new: u32, reply: ReplyTo<Self>) {
        self.0 = new;
        reply.send(Self(new));
    }
}

#[genserver(part)]
impl Counter {
    #[call]
    fn half(self: &mut Counter) -> u32 {
        self.0 / 2
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let counter = Counter::start(Some(Counter(1))).await?;
    assert_eq!(counter.max(Counter(3)).await?, Counter(3));
    assert_eq!(counter.steps([1, 2, 3]).await?, [Some(Counter(6)), None]);
    counter.replace(Counter(5), PhantomData).await?;
    assert_eq!(counter.apply(|counter| counter.0 + 1).await?, 6);
    assert_eq!(
        counter.change(Box::new(|counter| counter.0 += 2)).await?,
        Ok(Counter(7))
    );
    assert_eq!(counter.client(vec![counter.clone()]).await?.len(), 2);
    assert_eq!(counter.set(9).await?, Counter(9));
    assert_eq!(counter.patience().await?, 3_600);
    assert_eq!(Counter::all(), 2);
    assert_eq!(counter.add(Counter(1)).await?, counter.shared().await?);
    counter.double().await?;
    assert_eq!(counter.get().await?, 20);
    let halved: HalvedClient = counter.into();
    assert_eq!(halved.half().await?, 10);
    Ok(())
}
