//! Servers with parameters, where clauses, and types that mention them.

use std::collections::BTreeMap;
use std::fmt::Debug;

use suptree::prelude::*;

struct Store<K, V, const N: usize> {
    entries: BTreeMap<K, V>,
}

#[genserver(name = ("store", id), last_message)]
impl<K, V, const N: usize> Store<K, V, N>
where
    K: Ord + Debug + Clone + Send + 'static,
    V: Clone + Default + Send + 'static,
{
    const ROOM: usize = N;

    #[init]
    fn init(id: u8, first: (K, V)) -> Self {
        let _ = id;
        Self {
            entries: BTreeMap::from([first]),
        }
    }

    #[call]
    fn get(&self, key: K) -> Option<V> {
        self.entries.get(&key).cloned()
    }

    #[call]
    async fn keys(&mut self) -> [Option<K>; N] {
        let mut keys = self.entries.keys().cloned();
        std::array::from_fn(|_| keys.next())
    }

    #[call]
    fn put(&mut self, key: K, value: V) -> Result<(), (K, V)> {
        if self.entries.len() == Self::ROOM {
            return Err((key, value));
        }
        self.entries.insert(key, value);
        Ok(())
    }

    #[cast]
    fn forget(&mut self, key: K) {
        self.entries.remove(&key);
    }

    #[info]
    fn all_to(&mut self, value: V, _of: std::marker::PhantomData<Self>) {
        for entry in self.entries.values_mut() {
            *entry = value.clone();
        }
    }
}

#[tokio::test]
async fn a_server_with_type_and_const_parameters() {
    let store = Store::<&'static str, u8, 2>::start(1, ("a", 1))
        .await
        .unwrap();
    assert_eq!(store.get("a").await, Ok(Some(1)));
    assert_eq!(store.put("b", 2).await, Ok(Ok(())));
    assert_eq!(store.put("c", 3).await, Ok(Err(("c", 3))));
    assert_eq!(store.keys().await, Ok([Some("a"), Some("b")]));
    store.forget("a").await.unwrap();
    assert_eq!(store.keys().await, Ok([Some("b"), None]));
    store.all_to(9, std::marker::PhantomData).await.unwrap();
    assert_eq!(
        Store::<&'static str, u8, 2>::named(1).get("b").await,
        Ok(Some(9))
    );
}

#[tokio::test]
async fn each_instance_is_a_server_of_its_own() {
    let _numbers = Store::<u8, u8, 1>::start(7, (1, 1)).await.unwrap();
    let texts = Store::<String, String, 4>::start(8, ("one".to_owned(), "1".to_owned()))
        .await
        .unwrap();
    assert_eq!(texts.get("one".to_owned()).await, Ok(Some("1".to_owned())));
    // A name belongs to one type of server.
    assert_eq!(
        Store::<String, String, 4>::named(7)
            .get("one".to_owned())
            .await,
        Err(CallError::NoProc)
    );
}

/// A server that is made of another one's client.
struct Relay<S: GenServer> {
    to: ServerRef<S>,
}

#[genserver]
impl<S> Relay<S>
where
    S: GenServer,
    S::Cast: Clone + Sync,
{
    #[init]
    fn init(to: ServerRef<S>) -> Self {
        Self { to }
    }

    #[call]
    async fn pass(&mut self, message: S::Cast, times: usize) -> Result<(), CastError> {
        for _ in 0..times {
            self.to.cast(message.clone()).await?;
        }
        Ok(())
    }
}

#[derive(Default)]
struct Sum(u64);

/// The same by hand: a cast may be any type.
impl GenServer for Sum {
    type Args = ();
    type Call = suptree::NoMessage;
    type Cast = u64;
    type Info = suptree::NoMessage;
    type Client = ServerRef<Self>;

    async fn init((): (), _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
        Ok(Self::default())
    }

    async fn handle_cast(&mut self, cast: u64, cx: &mut Context<Self>) -> Result<(), ExitReason> {
        self.0 += cast;
        if self.0 == 12 {
            cx.stop(ExitReason::Normal);
        }
        Ok(())
    }
}

#[tokio::test]
async fn a_server_generic_over_another() {
    let sum = suptree::start::<Sum>(()).await.unwrap();
    let relay = Relay::start(sum.clone()).await.unwrap();
    let death = sum.monitor();
    assert_eq!(relay.pass(4, 3).await, Ok(Ok(())));
    assert_eq!(death.await.reason, ExitReason::Normal);
}

/// Peers that know each other's clients, in arguments and replies: their types are mutually recursive.
#[derive(Default)]
struct Ping(Option<PongClient>);

#[derive(Default)]
struct Pong(Option<PingClient>);

#[genserver]
impl Ping {
    #[cast]
    fn meet(&mut self, other: PongClient) {
        self.0 = Some(other);
    }

    #[call]
    fn other(&self) -> Option<PongClient> {
        self.0.clone()
    }
}

#[genserver]
impl Pong {
    #[cast]
    fn meet(&mut self, other: PingClient) {
        self.0 = Some(other);
    }

    #[call]
    fn other(&self) -> Option<PingClient> {
        self.0.clone()
    }
}

#[tokio::test]
async fn servers_exchange_their_clients() {
    let (ping, pong) = (Ping::start().await.unwrap(), Pong::start().await.unwrap());
    ping.meet(pong.clone()).await.unwrap();
    pong.meet(ping.clone()).await.unwrap();
    let found = ping
        .other()
        .await
        .unwrap()
        .unwrap()
        .other()
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.pid(), ping.pid());
}

/// Keeps what it was given.
struct Holder<T>(T);

#[genserver]
impl<T: Clone + Send + Sync + 'static> Holder<T> {
    #[init]
    fn init(value: T) -> Self {
        Self(value)
    }

    #[call]
    fn value(&self) -> T {
        self.0.clone()
    }
}

struct Room(u8);

#[genserver]
impl Room {
    #[init]
    fn init(number: u8) -> Self {
        Self(number)
    }

    #[call]
    fn number(&self) -> u8 {
        self.0
    }
}

supervisor! {
    Holders<T: Clone + Send + Sync + 'static>(name = "holders") { dynamic: Holder<T> }
}
supervisor! {
    Either<T> where T: Clone + Send + Sync + 'static { dynamic: Holder<T> | Room }
}
supervisor! {
    Given<T: Clone + Send + Sync + 'static = u8>(value: T) { dynamic: Holder<T>, extra_arguments: [value] }
}
supervisor! {
    Numbered<const N: usize> { strategy: one_for_one, children: [for _ in 0..N => Room(7) as rooms] }
}
supervisor! {
    App<T: Clone + Send + Sync + 'static, const N: usize>(value: T) {
        strategy: one_for_one,
        children: [
            dynamic holders: Holder<T> { extra_arguments: [value] },
            dynamic either: Holder<T> | Room,
            dynamic rooms: Room { max_children: N },
            supervisor Inside { strategy: one_for_one, children: [for _ in 0..N => Room(1) as rooms] },
            supervisor Conditional { strategy: one_for_one, children: [if N > 1 => Room(2) as room] },
            Numbered<N>,
        ],
    }
}

#[tokio::test(start_paused = true)]
async fn r230_dynamic_supervisors_with_parameters() {
    let holders = Holders::start_link().await.unwrap();
    let one = holders.start_child("one").await.unwrap();
    assert_eq!(one.value().await, Ok("one"));
    assert_eq!(Holders::<&str>::named().children().await.unwrap().len(), 1);

    let either = Either::<u16>::start_link().await.unwrap().clone();
    let two = either.start_child::<Holder<u16>>(2).await.unwrap();
    let room = either.start_child::<Room>(3).await.unwrap();
    assert_eq!((two.value().await, room.number().await), (Ok(2), Ok(3)));

    let given = Given::start_link("four").await.unwrap();
    let four = given.start_child(()).await.unwrap();
    assert_eq!(four.value().await, Ok("four"));
}

#[tokio::test(start_paused = true)]
async fn r230_supervisors_with_constants_and_those_inside() {
    let app = App::<_, 2>::start_link("five").await.unwrap();
    let five = app.holders().start_child(()).await.unwrap();
    assert_eq!(five.value().await, Ok("five"));
    let room = app.either().start_child::<Room>(6).await.unwrap();
    assert_eq!(room.number().await, Ok(6));

    app.rooms().start_child(7).await.unwrap();
    app.rooms().start_child(8).await.unwrap();
    assert!(app.rooms().start_child(9).await.is_err(), "N are enough");
    assert_eq!(app.inside().rooms().len(), 2);
    assert_eq!(app.conditional().room().number().await, Ok(2));
    assert_eq!(app.numbered().rooms()[1].number().await, Ok(7));
}
