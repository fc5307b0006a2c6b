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

#[tokio::test(start_paused = true)]
async fn r409_functions_stand_in_for_a_server() {
    let mut asked = Vec::new();
    let (put, mut puts) = tokio::sync::mpsc::unbounded_channel();
    let client = KeyValueClient::from_fn(
        move |key| {
            asked.push(key);
            Some(asked.len() as u64)
        },
        move |key, value| put.send((key, value)).unwrap(),
    );
    assert_eq!(client.get("one").await, Ok(Some(1)));
    assert_eq!(client.clone().get("two").await, Ok(Some(2)));
    client.put("three", 3).await.unwrap();
    assert_eq!(puts.recv().await, Some(("three".to_owned(), 3)));
    let doubled = Doubled::start(client).await.unwrap();
    assert_eq!(doubled.get("four").await, Ok(Some(6)));
    let doubled = KeyValueClient::from(doubled);
    drop(puts);
    let silent = doubled.put("five", 5).await;
    assert_eq!(silent, Ok(()));
    // The function that panicked is dead, and so are those beside it.
    assert_eq!(doubled.get("six").await, Ok(None));
}

supervisor! {
    Couple { strategy: one_for_one, max_restarts: 9, children: [Even, Odd(even.into()) as odd, Odd(twin.into()) as other, Odd(odd.into()) as twin] }
}

#[tokio::test(start_paused = true)]
async fn r410_children_that_know_each_other_by_a_protocol_do_so_after_a_restart() {
    let couple = Couple::start_link().await.unwrap();
    couple.even().meet(couple.odd().into()).await.unwrap();
    assert_eq!(couple.other().count(3).await, Ok(Ok(0)));
    let ends = [
        couple.even().monitor(),
        couple.odd().monitor(),
        couple.other().monitor(),
        couple.twin().monitor(),
    ];
    couple.even().kill();
    couple.odd().kill();
    couple.other().kill();
    couple.twin().kill();
    for end in ends {
        end.await;
    }
    couple.which_children().await.unwrap();
    assert_eq!(couple.other().count(3).await, Ok(Ok(0)));
    assert_eq!(couple.twin().count(2).await, Ok(Ok(0)));
}

/// What it holds tells when it is dropped.
#[derive(Debug)]
struct Held(#[allow(dead_code, reason = "is dropped with it")] (CountsClient, std::sync::Arc<()>));

#[genserver(protocols(Counts))]
impl Held {
    #[init]
    fn init(other: CountsClient, alive: std::sync::Arc<()>) -> Self {
        Self((other, alive))
    }

    #[call]
    fn count(&mut self, down: u64) -> Result<u64, CallError> {
        Ok(down)
    }
}

#[tokio::test(start_paused = true)]
async fn r411_servers_that_have_each_other_are_gone_when_they_end() {
    let alive = std::sync::Arc::new(());
    let (to_one, to_other) = (CountsClient::vacant(), CountsClient::vacant());
    let one = Held::start(to_other.clone(), alive.clone()).await.unwrap();
    let other = Held::start(to_one.clone(), alive.clone()).await.unwrap();
    assert!(to_one.fill(one.clone()) && to_other.fill(other.clone()));
    // Full circle: a vacant client may be filled by what it is filled with already.
    assert!(to_one.fill(to_one.clone()));
    assert_eq!(to_one.count(1).await, Ok(Ok(1)));
    one.stop().await.unwrap();
    other.stop().await.unwrap();
    assert_eq!(std::sync::Arc::strong_count(&alive), 1);
    assert_eq!(to_one.count(1).await, Err(CallError::NoProc));
}

#[tokio::test(start_paused = true)]
async fn r412_a_vacant_client_that_is_filled_again_asks_the_other_from_then_on() {
    let (vacant, other) = (CountsClient::vacant(), CountsClient::vacant());
    let by = |plus: u64| CountsClient::from_fn(move |down| Ok(down + plus));
    assert!(vacant.fill(by(1)));
    // A call that was made is on its way to whom it was made for.
    let made = vacant.count(0);
    assert!(vacant.fill(by(2)));
    assert_eq!(made.await, Ok(Ok(1)));
    assert_eq!(vacant.count(0).await, Ok(Ok(2)));
    // It is whom the other asks now, and not the other.
    assert!(!other.fill(CountsClient::vacant()));
    assert!(other.fill(vacant.clone()));
    assert!(vacant.fill(by(3)));
    assert_eq!(other.count(0).await, Ok(Ok(2)));
    assert_eq!(
        format!("{vacant:?} {:?}", CountsClient::vacant()),
        "CountsClient(filled) CountsClient(vacant)"
    );
}

#[test]
fn r412_a_vacant_client_is_filled_by_many_threads_while_it_is_asked() {
    let vacant = CountsClient::vacant();
    assert!(vacant.fill(CountsClient::from_fn(|_| Ok(0))));
    std::thread::scope(|scope| {
        for nth in 1..=3 {
            let vacant = vacant.clone();
            scope.spawn(move || {
                for _ in 0..500 {
                    assert!(vacant.fill(CountsClient::from_fn(move |_| Ok(nth))));
                }
            });
        }
        for _ in 0..2 {
            let vacant = vacant.clone();
            scope.spawn(move || {
                for _ in 0..500 {
                    let asked = block_on(vacant.count(0));
                    assert!(matches!(asked, Ok(Ok(0..=3))), "{asked:?}");
                }
            });
        }
    });
}

#[test]
fn r413_a_stand_in_that_blocks_is_waited_for() {
    let (enter, entered) = std::sync::mpsc::channel();
    let (release, released) = std::sync::mpsc::channel::<()>();
    let client = CountsClient::from_fn(move |down| {
        if down == 1 {
            enter.send(()).unwrap();
            released.recv().unwrap();
        }
        Ok(down)
    });
    std::thread::scope(|scope| {
        let first = client.clone();
        let first = scope.spawn(move || block_on(first.count(1)));
        entered.recv().unwrap();
        let second = client.clone();
        let second = scope.spawn(move || block_on(second.count(2)));
        release.send(()).unwrap();
        assert_eq!(first.join().unwrap(), Ok(Ok(1)));
        assert_eq!(second.join().unwrap(), Ok(Ok(2)));
    });
}

#[tokio::test(start_paused = true)]
async fn r413_a_stand_in_that_asks_itself_waits_for_ever_and_holds_up_nobody() {
    let vacant = CountsClient::vacant();
    let itself = vacant.clone();
    let from_itself = CountsClient::from_fn(move |down| {
        let mut asked = std::pin::pin!(itself.count(down));
        let waker = std::task::Waker::noop();
        let polled = asked
            .as_mut()
            .poll(&mut std::task::Context::from_waker(waker));
        Ok(u64::from(polled.is_pending()))
    });
    vacant.fill(from_itself);
    assert_eq!(vacant.count(0).await, Ok(Ok(1)));
    assert_eq!(vacant.count(0).await, Ok(Ok(1)));
}

/// Has room for one, and is never done with what it does.
#[derive(Default)]
struct Busy;

#[genserver(mailbox = 1, protocols(Work))]
impl Busy {
    #[cast]
    async fn work(&mut self, _nth: u64) {
        std::future::pending::<()>().await;
    }

    #[info]
    fn tick(&mut self, _: Clear) {}
}

#[protocol]
trait Work {
    #[cast]
    fn work(&mut self, nth: u64);
}

#[tokio::test(start_paused = true)]
async fn r414_a_full_mailbox_is_full_through_a_protocol_and_for_a_recipient() {
    let busy = Busy::start().await.unwrap();
    let (work, clear) = (WorkClient::from(busy.clone()), busy.recipient::<Clear>());
    work.work(1).await.unwrap();
    tokio::task::yield_now().await;
    clear.send(Clear).await.unwrap();
    assert_eq!(work.work(2).try_send(), Err(TrySendError::Full));
    assert_eq!(clear.send(Clear).try_send(), Err(TrySendError::Full));
    let soon = Duration::from_millis(7);
    assert_eq!(
        work.work(2).timeout(soon).await,
        Err(CastError::Timeout(soon))
    );
    assert_eq!(
        clear.send(Clear).timeout(soon).await,
        Err(CastError::Timeout(soon))
    );
    // One that waits for room is told when there is nobody any more, and one that is dropped sends nothing.
    let waits = tokio::spawn(work.work(3).no_timeout());
    let waits_too = tokio::spawn(clear.send(Clear).no_timeout());
    tokio::time::sleep(soon).await;
    waits_too.abort();
    busy.kill();
    assert_eq!(waits.await.unwrap(), Err(CastError::NoProc));
    assert_eq!(work.work(4).await, Err(CastError::NoProc));
    assert_eq!(clear.send(Clear).await, Err(CastError::NoProc));
}

/// Waits on this thread.
fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(future)
}
