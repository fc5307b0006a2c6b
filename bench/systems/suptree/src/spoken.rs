//! A counter that is asked through a protocol. It has a type of its own, so that the others count what they did without.

use common::{Spoken, State};
use suptree::{genserver, protocol};

use crate::counter::Plain;

#[protocol]
pub trait Counts {
    #[call]
    fn get(&self) -> u64;

    #[cast]
    fn add(&mut self, amount: u64);
}

#[derive(Default)]
struct SpokenCounter(State<()>);

#[genserver(protocols(Counts))]
impl SpokenCounter {
    #[call]
    fn get(&self) -> u64 {
        self.0.value
    }

    #[cast]
    fn add(&mut self, amount: u64) {
        self.0.value += amount;
    }
}

impl Spoken for Plain {
    type Speaker = CountsClient;

    async fn start_spoken() -> CountsClient {
        SpokenCounter::start().await.unwrap().into()
    }

    async fn call_spoken(speaker: &CountsClient) -> u64 {
        speaker.get().await.unwrap()
    }

    async fn cast_spoken(speaker: &CountsClient, amount: u64) {
        speaker.add(amount).await.unwrap();
    }
}
