//! Protocols: clients of servers whose types are not known, and what stands in for them.

use std::collections::HashMap;
use std::time::Duration;

use suptree::prelude::*;
use suptree::{Recipient, protocol};

/// Keys and values, wherever they are kept.
#[protocol]
trait KeyValue {
    /// The value of a key.
    #[call]
    fn get(&self, key: String) -> Option<u64>;

    #[cast]
    fn put(&mut self, key: String, value: u64);
}

#[derive(Default)]
struct Memory(HashMap<String, u64>);

#[genserver(name = "memory", protocols(KeyValue))]
impl Memory {
    #[call]
    fn get(&self, key: String) -> Option<u64> {
        self.0.get(&key).copied()
    }

    #[cast]
    fn put(&mut self, key: String, value: u64) {
        self.0.insert(key, value);
    }

    #[info]
    fn clear(&mut self, _: Clear) {
        self.0.clear();
    }
}

struct Clear;

/// Doubles what is in the store behind it, which it knows by the protocol alone.
struct Doubled(KeyValueClient);

#[genserver(protocols(KeyValue))]
impl Doubled {
    #[init]
    fn init(store: KeyValueClient) -> Self {
        Self(store)
    }

    #[call]
    async fn get(&self, key: String) -> Option<u64> {
        if key == "slow" {
            std::future::pending::<()>().await;
        }
        self.0.get(key).await.ok()?.map(|value| 2 * value)
    }

    #[cast]
    async fn put(&mut self, key: String, value: u64) {
        let _ = self.0.put(key, value).await;
    }

    #[info]
    fn clear(&mut self, _: Clear) {}
}

#[tokio::test(start_paused = true)]
async fn r400_a_client_of_a_protocol_is_answered_by_servers_of_several_types() {
    let memory = Memory::start().await.unwrap();
    let doubled = Doubled::start(memory.clone().into()).await.unwrap();
    let all: Vec<KeyValueClient> = vec![memory.into(), doubled.into()];
    all[1].put("one", 1).await.unwrap();
    // The one in front first: it hands on what it was sent before it answers.
    assert_eq!(all[1].clone().get("one").await, Ok(Some(2)));
    assert_eq!(all[0].get("one").await, Ok(Some(1)));
}

#[tokio::test(start_paused = true)]
async fn r401_a_dead_server_is_no_process_and_a_name_finds_the_next() {
    let memory = Memory::start().await.unwrap();
    let this = KeyValueClient::from(memory.clone());
    let named = KeyValueClient::from(Memory::named());
    named.put("one", 1).try_send().unwrap();
    assert_eq!(this.get("one").await, Ok(Some(1)));
    memory.stop().await.unwrap();
    for client in [&this, &named] {
        assert_eq!(client.get("one").await, Err(CallError::NoProc));
        assert_eq!(client.put("one", 1).await, Err(CastError::NoProc));
        assert_eq!(client.put("one", 1).try_send(), Err(TrySendError::NoProc));
    }
    Memory::start().await.unwrap();
    assert_eq!(named.get("one").await, Ok(None));
    assert_eq!(this.get("one").await, Err(CallError::NoProc));
}

#[tokio::test(start_paused = true)]
async fn r401_a_client_of_a_place_follows_a_restart() {
    supervisor! { App { strategy: one_for_one, children: [Memory] } }
    let app = App::start_link().await.unwrap();
    let client = KeyValueClient::from(app.memory());
    client.put("one", 1).await.unwrap();
    assert_eq!(client.get("one").await, Ok(Some(1)));
    let end = app.memory().monitor();
    app.memory().kill();
    end.await;
    app.which_children().await.unwrap();
    assert_eq!(client.get("one").await, Ok(None));
}

#[tokio::test(start_paused = true)]
async fn r402_a_call_through_a_protocol_has_a_timeout() {
    let store = KeyValueClient::stand_in(Fixed(1));
    let doubled = KeyValueClient::from(Doubled::start(store).await.unwrap());
    let soon = Duration::from_millis(7);
    let error = doubled.get("slow").timeout(soon).await;
    assert_eq!(error, Err(CallError::Timeout(soon)));
    let error = doubled.get("other").await;
    assert_eq!(error, Err(CallError::Timeout(Duration::from_secs(5))));
    let waits = tokio::time::timeout(Duration::from_secs(3600), doubled.get("other").no_timeout());
    assert!(waits.await.is_err());
}

struct Fixed(u64);

impl KeyValue for Fixed {
    fn get(&self, key: String) -> Option<u64> {
        assert_ne!(key, "panic", "a stand-in that panics");
        Some(self.0)
    }

    fn put(&mut self, _key: String, value: u64) {
        self.0 = value;
    }
}

#[tokio::test(start_paused = true)]
async fn r403_a_value_stands_in_for_a_server() {
    let client = KeyValueClient::stand_in(Fixed(7));
    assert_eq!(client.get("any").await, Ok(Some(7)));
    client.put("any", 8).await.unwrap();
    drop(client.put("any", 9));
    let spawned = tokio::spawn(client.get("any").timeout(Duration::ZERO));
    assert_eq!(spawned.await.unwrap(), Ok(Some(8)));
    client.put("any", 10).try_send().unwrap();
    assert_eq!(client.get("any").allow_cycle().await, Ok(Some(10)));
}

#[tokio::test(start_paused = true)]
async fn r403_a_stand_in_that_panics_is_dead() {
    let client = KeyValueClient::stand_in(Fixed(7));
    let error = client.get("panic").await.unwrap_err();
    assert!(
        matches!(error, CallError::Exited(ExitReason::Panic(_))),
        "{error:?}"
    );
    assert_eq!(client.get("any").await, Err(CallError::NoProc));
    assert_eq!(client.put("any", 1).await, Err(CastError::NoProc));
    assert_eq!(client.put("any", 1).try_send(), Err(TrySendError::NoProc));
}

#[tokio::test(start_paused = true)]
async fn r404_a_vacant_client_is_nobody_until_it_is_filled() {
    let vacant = KeyValueClient::vacant();
    let first = Doubled::start(vacant.clone()).await.unwrap();
    assert_eq!(vacant.get("one").await, Err(CallError::NoProc));
    assert_eq!(vacant.put("one", 1).await, Err(CastError::NoProc));
    assert_eq!(vacant.put("one", 1).try_send(), Err(TrySendError::NoProc));
    assert!(!vacant.fill(vacant.clone()));
    assert!(vacant.fill(Memory::start().await.unwrap()));
    vacant.put("one", 1).await.unwrap();
    assert_eq!(first.get("one").await, Ok(Some(2)));
    assert!(!KeyValueClient::from(first).fill(vacant));
}

#[protocol]
trait Counts {
    #[call]
    fn count(&mut self, down: u64) -> Result<u64, CallError>;
}

#[derive(Default)]
struct Even(Option<CountsClient>);

#[genserver(protocols(Counts))]
impl Even {
    #[cast]
    fn meet(&mut self, other: CountsClient) {
        self.0 = Some(other);
    }

    #[call]
    async fn count(&mut self, down: u64) -> Result<u64, CallError> {
        match &self.0 {
            Some(other) if down > 0 => other.count(down - 1).await?,
            _ => Ok(down),
        }
    }
}

struct Odd(CountsClient);

#[genserver(protocols(Counts))]
impl Odd {
    #[init]
    fn init(other: CountsClient) -> Self {
        Self(other)
    }

    #[call]
    async fn count(&mut self, down: u64) -> Result<u64, CallError> {
        if down > 0 {
            self.0.count(down - 1).await?
        } else {
            Ok(0)
        }
    }
}

#[tokio::test(start_paused = true)]
async fn r405_two_servers_that_call_each_other_need_not_know_their_types() {
    let vacant = CountsClient::vacant();
    let odd = Odd::start(vacant.clone()).await.unwrap();
    let even = Even::start().await.unwrap();
    vacant.fill(even.clone());
    even.meet(odd.clone().into()).await.unwrap();
    assert_eq!(odd.count(1).await, Ok(Ok(0)));
    assert_eq!(even.count(1).await, Ok(Ok(0)));
}

#[tokio::test(start_paused = true)]
async fn r406_a_cycle_of_calls_through_a_protocol_is_told() {
    let vacant = CountsClient::vacant();
    let odd = Odd::start(vacant.clone()).await.unwrap();
    let even = Even::start().await.unwrap();
    vacant.fill(even.clone());
    even.meet(odd.clone().into()).await.unwrap();
    let error = odd.count(5).await.unwrap();
    assert!(matches!(error, Err(CallError::Deadlock(_))), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn r407_recipients_of_a_message_are_of_any_type() {
    let memory = Memory::start().await.unwrap();
    memory.put("one", 1).await.unwrap();
    let doubled = Doubled::start(memory.clone().into()).await.unwrap();
    let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let by_function = Recipient::from_fn(move |Clear| told.send(()).unwrap());
    let all: Vec<Recipient<Clear>> = vec![memory.recipient(), doubled.clone().into(), by_function];
    for one in &all {
        one.send(Clear).await.unwrap();
    }
    assert_eq!(memory.get("one").await, Ok(None));
    heard.recv().await.unwrap();
    doubled.stop().await.unwrap();
    assert_eq!(all[1].send(Clear).await, Err(CastError::NoProc));
}
