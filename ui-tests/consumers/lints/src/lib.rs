//! Everything the macros take, in a crate that may warn about anything, and forbid it: `ui-tests/tests/lints.rs` looks for
//! what is said of generated code.

use core::cell::Cell;
use core::error::Error;
use core::fmt::Debug;
use core::future::ready;

use suptree::{Context, ExitReason, Pid, Recipient, ReplyTo, genserver, protocol, supervisor};

/// A server without anything.
#[derive(Debug, Default)]
pub struct Empty;

#[genserver]
impl Empty {}

/// The article's.
#[derive(Debug, Default)]
pub struct Cache(Option<String>);

#[genserver(name = "cache")]
impl Cache {
    /// What is there.
    #[call]
    pub fn get(&self) -> Option<String> {
        self.0.clone()
    }

    /// Keeps it.
    #[cast]
    pub fn save(&mut self, new: String) {
        self.0 = Some(new);
    }
}

/// One name for each, of an argument.
#[derive(Debug)]
pub struct Room {
    /// How many came.
    visits: u64,
}

#[genserver(name = id, restart = transient)]
impl Room {
    #[init]
    fn init(id: u64) -> Self {
        Self { visits: 0 }
    }

    #[call]
    fn visit(&mut self) -> u64 {
        self.visits = self.visits.saturating_add(1);
        self.visits
    }

    #[cast]
    async fn leave(&mut self, _why: String) {
        let none = 0;
        ready(()).await;
        self.visits = none;
    }
}

/// A name by an expression.
#[derive(Debug)]
pub struct Shard(usize);

#[genserver(name = format!("shard_{nth}"))]
impl Shard {
    #[init]
    fn init(nth: usize, of: usize) -> Self {
        Self(nth.min(of))
    }

    #[call]
    pub(crate) fn nth(&self) -> usize {
        self.0
    }
}

/// All roles, all options, parameters.
#[derive(Debug)]
pub struct Store<T, const N: usize> {
    /// What is in it.
    things: Vec<T>,
}

#[genserver(trap_exit, mailbox = 256, shutdown = 1m, inline = never, last_message)]
impl<T: Clone + Debug + Send + 'static, const N: usize> Store<T, N> {
    #[init]
    async fn open(first: T, second: T, cx: &mut Context<Self>) -> Result<Self, ExitReason> {
        let things = vec![first, second];
        ready(cx.pid()).await;
        Ok(Self { things })
    }

    /// Looks a thing up.
    #[call]
    pub fn at(&self, place: usize) -> Option<T> {
        self.things.get(place).cloned()
    }

    /// Answers later.
    #[call]
    pub async fn find(&mut self, (from, to): (usize, usize), reply: ReplyTo<Vec<T>>) {
        let found = self.things.get(from..to).map(<[T]>::to_vec);
        ready(()).await;
        reply.send(found.unwrap_or_default());
    }

    /// Answers later, and needs nothing.
    #[call]
    pub fn all(&self, reply: ReplyTo<usize>) {
        reply.send(self.things.len().min(N));
    }

    /// Waits for its reply.
    #[call]
    async fn load(&mut self, cx: &mut Context<Self>) -> Option<T> {
        ready(cx.pid()).await;
        self.things.first().cloned()
    }

    #[cast]
    fn put(&mut self, r#type: u8, value: T) -> Result<(), ExitReason> {
        if r#type == 0 {
            return Err(ExitReason::Normal);
        }
        self.things.push(value);
        Ok(())
    }

    /// There under this condition only.
    #[cast]
    #[cfg(not(any()))]
    fn conditional(&mut self) {
        self.things.clear();
    }

    /// Never there.
    #[cast]
    #[cfg(any())]
    fn gone(&mut self) {
        self.things.clear();
    }

    #[info]
    fn tick(&mut self, tick: Tick, cx: &mut Context<Self>) {
        if tick.0 == 0 {
            cx.stop(ExitReason::Normal);
        }
    }

    #[info]
    async fn tock(&mut self, _: Tock, _times: u8) {
        ready(()).await;
        self.things.clear();
    }

    #[exit]
    fn exited(&mut self, from: Pid, reason: ExitReason) {
        if reason != ExitReason::Normal && self.things.len() > N {
            drop((from, self.things.pop()));
        }
    }

    #[terminate]
    async fn close(&mut self, reason: &ExitReason) {
        ready(reason).await;
        self.things.clear();
    }
}

/// A message.
#[derive(Debug)]
pub struct Tick(pub u8);

/// Another one.
#[derive(Debug)]
pub struct Tock;

/// A server that is private, whose client has a name of its own, and with hooks that do not wait.
#[derive(Debug, Default)]
struct Hidden(Cell<u8>);

#[genserver(client = pub(crate) Key)]
impl Hidden {
    #[call]
    pub(crate) fn r#match(&self, r#fn: u8) -> u8 {
        self.0.get().max(r#fn)
    }

    #[exit]
    async fn exited(&mut self, _from: Pid, _reason: ExitReason) -> Result<(), ExitReason> {
        ready(()).await;
        self.0.set(1);
        Ok(())
    }

    #[terminate]
    fn close(&mut self) {
        self.0.set(0);
    }
}

/// More visible handlers than their server is.
#[derive(Debug, Default)]
struct Inner;

#[genserver]
impl Inner {
    #[call]
    pub fn seen(&self, number: u8) -> u8 {
        number
    }

    #[cast]
    pub fn sent(&mut self, text: String) {
        drop(text);
    }
}

/// What the hidden one says.
///
/// # Errors
///
/// It is gone.
pub async fn hidden() -> Result<u8, Box<dyn Error>> {
    let key: Key = Hidden::start().await?;
    Ok(key.r#match(1).await?)
}

/// Names and types that lints of clippy speak of: with an `allow` on the handler, where the user can put one.
#[cfg(not(feature = "forbidding"))]
#[derive(Debug, Default)]
pub struct Odd(Vec<u8>);

#[cfg(not(feature = "forbidding"))]
#[genserver]
impl Odd {
    /// A length.
    #[call]
    #[allow(clippy::len_without_is_empty, reason = "the user's")]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Not an iterator.
    #[call]
    #[allow(clippy::should_implement_trait, reason = "the user's")]
    pub fn next(&mut self) -> Option<u8> {
        self.0.pop()
    }

    /// Not a constructor.
    #[call]
    #[allow(
        clippy::new_ret_no_self,
        clippy::wrong_self_convention,
        reason = "the user's"
    )]
    pub fn new(&self) -> u8 {
        0
    }

    /// Does not consume.
    #[call]
    #[allow(clippy::wrong_self_convention, reason = "the user's")]
    pub fn into_parts(&self) -> Option<Option<u8>> {
        None
    }

    /// Not a copy.
    #[call]
    #[allow(clippy::should_implement_trait, reason = "the user's")]
    pub fn clone(&self) -> u8 {
        self.0.first().copied().unwrap_or_default()
    }

    /// Many.
    #[cast]
    #[allow(
        clippy::too_many_arguments,
        clippy::fn_params_excessive_bools,
        clippy::many_single_char_names,
        clippy::absolute_paths,
        clippy::std_instead_of_alloc,
        clippy::min_ident_chars,
        clippy::box_collection,
        clippy::rc_buffer,
        clippy::type_complexity,
        clippy::linkedlist,
        unused_qualifications,
        reason = "the user's"
    )]
    pub fn many(
        &mut self,
        a: bool,
        b: bool,
        c: bool,
        d: bool,
        e: std::vec::Vec<u8>,
        f: Box<Vec<u8>>,
        g: std::sync::Arc<Vec<u8>>,
        h: Box<dyn Fn(Vec<Option<(u8, Box<dyn Send>)>>) -> Vec<Option<(u8, Vec<u8>)>> + Send>,
        i: std::collections::LinkedList<std::string::String>,
    ) {
        let _: () = drop((a, b, c, d, e, f, g, h, i));
    }
}

/// Generic.
#[derive(Debug)]
pub struct Holder<T>(T);

#[genserver]
impl<T: Clone + Send + Sync + 'static> Holder<T> {
    #[init]
    fn init(value: T) -> Self {
        Self(value)
    }

    /// What it holds.
    #[call]
    pub fn value(&self) -> T {
        self.0.clone()
    }
}

/// Has a sibling.
#[derive(Debug)]
pub struct Watcher(CacheClient);

#[genserver]
impl Watcher {
    #[init]
    fn init(cache: CacheClient) -> Self {
        Self(cache)
    }

    /// Whether it runs.
    #[call]
    pub fn is_there(&self) -> bool {
        self.0.is_alive()
    }
}

supervisor! {
    /// The root.
    pub App(limit: usize, name: String) {
        strategy: one_for_one,
        max_restarts: 3, max_seconds: 5,
        children: [
            Cache,
            Shard(0_usize, limit) as low { restart: transient, shutdown: 10s },
            /// The other one.
            Shard(1_usize, name.len()) as high { shutdown: brutal_kill },
            #[cfg(not(any()))]
            Empty,
            Rooms,
        ],
    }
}

supervisor! {
    /// Every form of a child.
    pub Forms<T: Clone + Send + Sync + 'static, const N: usize>(limit: usize, named: bool, value: T, names: Vec<String>) {
        strategy: rest_for_one,
        auto_shutdown: all_significant,
        children: [
            for n in 0..limit => Shard(n, limit) as shards { restart: transient, significant: true },
            if named => Cache,
            for n in 0..N => Shard(n, limit) as constants,
            Holder<T>(value) as holder,
            Watcher(cache) as watcher,
            Shard(number(&names), 2_usize) as one_named,
            Shard(2_usize, number(&joined(names, value))) as joined { backoff: 100ms..10s },
            for n in 3_usize..4_usize => Shard(n, 7_usize) as literals,
            for name in names.iter() => Shard(name.len(), limit) as lengths,
            if let Some(name) = names.first() => Shard(name.len(), limit) as first,
            task serve: serve(cache, names) { restart: permanent },
            task block: async move { drop((names, watcher, shards)); },
            Cache::child_spec() as spare,
            /// Of two types.
            dynamic either: Holder<T> | Room { max_children: N },
            /// Come and go.
            dynamic rooms: Room { max_children: 10 },
            /// By key.
            partition pool: |n| Shard(n, limit) { partitions: 2 },
            partition holders: Holder<T>(value) { partitions: limit, max_restarts: 9, shutdown: 1m },
            /// One below.
            supervisor Below {
                strategy: one_for_all,
                children: [Watcher(cache) as watcher, Holder<T>(value) as holder, Shard(N, limit) as one],
            },
        ],
    }
}

/// A task that has a sibling.
async fn serve(cache: CacheClient, names: Vec<String>) {
    let there = cache.is_alive();
    drop((there, names));
    suptree::stopping().await;
}

/// Takes what it is given.
fn joined<T>(names: Vec<String>, value: T) -> Vec<String> {
    drop(value);
    names
}

/// How many there are.
fn number(names: &[String]) -> usize {
    names.len()
}

supervisor! {
    /// A supervisor without arguments.
    Small(name = "small") { strategy: one_for_one, children: [Cache, Empty as r#type] }
}

supervisor! {
    /// It takes what it does not use yet.
    pub Spare(_later: String) { strategy: one_for_one, children: [Cache] }
}

supervisor! {
    /// Keys are divided between them.
    pub Pool(limit: usize, name = "pool") { partition: |n| Shard(n, limit), partitions: limit, max_seconds: 60 }
}

supervisor! {
    /// Come and go, of any type.
    pub Many<T: Clone + Send + Sync + 'static>(limit: usize) { dynamic: Holder<T>, max_children: limit }
}

supervisor! {
    /// Its children come and go.
    pub Rooms(name = "rooms") { dynamic: Room, max_children: 10 }
}

supervisor! {
    /// What comes and goes is told something first.
    pub Numbered(nth: usize) { dynamic: Shard, extra_arguments: [nth] }
}

/// Supervisors that another macro declares.
macro_rules! declared {
    ($name:ident: $child:ty) => {
        supervisor! { $name { strategy: one_for_one, children: [$child] } }
    };
}
declared! { Declared: Cache }

/// Uses what is private.
#[must_use]
pub fn small() -> bool {
    drop(Declared::start_link());
    let start = Small::start_link();
    drop((start, Inner::start()));
    Small::named().is_alive()
}

/// In several blocks.
#[derive(Clone, Debug, Default)]
pub struct Parted<T> {
    values: Vec<T>,
}

#[genserver(parts(More, Less))]
impl<T: Clone + Send + Sync + 'static> Parted<T> {
    /// With these.
    #[init]
    fn init(values: Vec<T>) -> Self {
        Self { values }
    }

    /// How many there are.
    #[call]
    #[must_use]
    pub fn count(&self) -> usize {
        self.values.len()
    }
}

#[genserver(part = pub More)]
impl<T: Clone + Send + Sync + 'static> Parted<T> {
    /// One more.
    #[cast]
    pub fn push(&mut self, value: T) {
        self.values.push(value);
    }

    /// All of them, in time.
    #[call]
    pub async fn all(&mut self) -> Vec<T> {
        stopped(self.values.clone()).await
    }

    /// No more than so many.
    #[info]
    pub fn truncate(&mut self, length: usize) {
        self.values.truncate(length);
    }
}

#[genserver(part = Less)]
impl<T: Clone + Send + Sync + 'static> Parted<T> {
    /// One less.
    #[call]
    fn pop(&mut self) -> Option<T> {
        self.values.pop()
    }
}

/// What several servers have.
#[protocol]
pub trait Keeps<T: Clone> {
    /// The newest.
    #[call]
    fn newest(&self) -> Option<T>;

    /// Keeps it.
    #[cast]
    fn keep(&mut self, value: T);

    /// So many texts are kept.
    #[call]
    fn texts(&mut self, first: String, r#type: String, _: Vec<u8>) -> usize;

    /// There under this condition only.
    #[cast]
    #[cfg(not(any()))]
    fn conditional(&mut self);

    /// Never there.
    #[cast]
    #[cfg(any())]
    fn gone(&mut self);
}

/// Whose parameters have bounds in both places.
#[protocol]
pub trait Pairs<K: Clone + Send + 'static, V>
where
    V: Send + 'static,
{
    /// The other of the two.
    #[call]
    fn other(&self, key: K) -> Option<V>;

    /// Keeps both.
    #[cast]
    fn pair(&mut self, key: K, value: V);
}

/// Of more methods than a function has arguments.
#[protocol]
pub trait Wide {
    /// The first.
    #[call]
    fn one(&self) -> u8;
    /// The second.
    #[call]
    fn two(&self) -> u8;
    /// The third.
    #[call]
    fn three(&self) -> u8;
    /// The fourth.
    #[call]
    fn four(&self) -> u8;
    /// The fifth.
    #[call]
    fn five(&self) -> u8;
    /// The sixth.
    #[call]
    fn six(&self) -> u8;
    /// The seventh.
    #[call]
    fn seven(&self, all: Vec<Option<(String, u8)>>) -> Vec<Option<(String, Vec<u8>)>>;
}

/// A private one.
#[protocol]
trait Private {
    #[call]
    fn newest(&self) -> Option<u8>;
}

/// Speaks two protocols.
#[derive(Debug)]
pub struct Keeper<T>(Vec<T>);

#[genserver(protocols(Keeps<T>), parts(Texts))]
impl<T: Clone + Send + Sync + 'static> Keeper<T> {
    #[init]
    fn init(first: T) -> Self {
        Self(vec![first])
    }

    #[call]
    async fn newest(&self) -> Option<T> {
        ready(()).await;
        self.0.last().cloned()
    }

    #[cast]
    fn keep(&mut self, value: T) {
        self.0.push(value);
    }

    #[cast]
    #[cfg(not(any()))]
    fn conditional(&mut self) {
        self.0.clear();
    }

    #[info]
    fn tick(&mut self, tick: Tick) {
        self.0.truncate(tick.0.into());
    }
}

#[genserver(part = Texts)]
impl<T: Clone + Send + Sync + 'static> Keeper<T> {
    #[call]
    fn texts(&mut self, first: String, r#type: String, _bytes: Vec<u8>) -> usize {
        first.len().max(r#type.len())
    }
}

/// Speaks the private one.
#[derive(Debug, Default)]
struct Byte;

#[genserver(protocols(Private))]
impl Byte {
    #[call]
    fn newest(&self) -> Option<u8> {
        None
    }
}

/// Stands in for a keeper.
#[derive(Debug)]
pub struct Fixed(pub u8);

impl Keeps<u8> for Fixed {
    fn newest(&self) -> Option<u8> {
        Some(self.0)
    }

    fn keep(&mut self, value: u8) {
        self.0 = value;
    }

    fn texts(&mut self, first: String, r#type: String, _bytes: Vec<u8>) -> usize {
        first.len().min(r#type.len())
    }

    fn conditional(&mut self) {
        self.0 = 0;
    }
}

/// What they have.
///
/// # Errors
///
/// One of them is gone.
pub async fn kept() -> Result<Option<u8>, Box<dyn Error>> {
    let keeper = Keeper::<u8>::start(1).await?;
    let told: Recipient<Tick> = keeper.recipient();
    told.send(Tick(1)).await?;
    let later = KeepsClient::vacant();
    if !later.fill(keeper) {
        return Ok(None);
    }
    let byte: PrivateClient = Byte::start().await?.into();
    let stands_in = KeepsClient::stand_in(Fixed(7));
    stands_in.keep(8).await?;
    stands_in.conditional().await?;
    let texts = later.texts("first", "second", Vec::new()).await?;
    Ok(byte.newest().await?.filter(|_| texts == 0))
}

/// What is there in time.
async fn stopped<T: Send>(values: T) -> T {
    suptree::stopping().await;
    values
}

/// Uses what is private.
pub fn popped() {
    drop(async {
        let parted = Parted::<u8>::start(Vec::new()).await?;
        let popped = parted.pop().await.ok();
        Ok::<_, suptree::StartError>(popped)
    });
}
