//! Protocols: async handlers, generics, `cfg`, two on one server, raw names, texts as arguments, and a list of recipients.

#![deny(warnings)]
#![allow(dead_code)]

use std::sync::Arc;

use suptree::prelude::*;
use suptree::{Recipient, protocol};

mod protocols {
    use suptree::protocol;

    /// Values by their keys.
    #[protocol]
    pub trait Store<K: Clone, V> {
        /// A value.
        #[call]
        fn get(&self, key: K) -> Option<V>;
        #[cast]
        fn put(&mut self, key: K, value: V);
        #[cfg(any())]
        #[call]
        fn absent(&self) -> DoesNotExist;
        #[cfg(all())]
        #[cast]
        fn r#type(&self, _: Box<str>, r#fn: u8);
    }

    #[protocol]
    pub(crate) trait Empty {}
}

use protocols::{Empty, EmptyClient, Store, StoreClient};

#[protocol]
trait Log {
    #[cast]
    fn write(&mut self, line: Arc<str>);
    #[call]
    fn flush(&mut self);
}

#[derive(Default)]
struct Memory<V>(Option<V>);

#[genserver(protocols(Store<String, V>, Log, Empty))]
impl<V: Default + Clone + Sync> Memory<V> {
    #[call]
    async fn get(&self, _key: String) -> Option<V> {
        self.0.clone()
    }

    #[cast]
    fn put(&mut self, _key: String, value: V) {
        self.0 = Some(value);
    }

    #[cast]
    fn r#type(&self, text: Box<str>, _number: u8) {
        drop(text);
    }

    #[cast]
    async fn write(&mut self, _line: Arc<str>) {}

    #[call]
    fn flush(&mut self, reply: ReplyTo<()>) {
        reply.send(());
    }

    #[info]
    fn tick(&mut self, _: Tick) {}
}

struct Tick;

#[derive(Default)]
struct Clock;

#[genserver]
impl Clock {
    #[info]
    fn tick(&mut self, _: Tick, cx: &mut Context<Self>) {
        let _: Recipient<Tick> = cx.client().recipient();
    }
}

async fn use_them() -> Result<(), Box<dyn std::error::Error>> {
    let memory = Memory::<u64>::start().await?;
    let store: StoreClient<String, u64> = memory.clone().into();
    store.put("one".to_owned(), 1).await?;
    assert_eq!(store.get("one".to_owned()).await?, Some(1));
    store.r#type("text", 1).await?;
    let log = LogClient::from(memory.clone());
    log.write("line").await?;
    log.flush().await?;
    let _: EmptyClient = memory.clone().into();
    let ticked: Vec<Recipient<Tick>> = vec![memory.recipient(), Clock::start().await?.into()];
    for one in &ticked {
        one.send(Tick).await?;
    }
    Ok(())
}

fn main() {
    let _ = use_them();
}
