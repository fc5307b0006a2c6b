//! Stack: what is large is passed on in the memory of the heap, and calls inside of calls use little of the stack.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use suptree::prelude::*;
use tokio::runtime::Builder;
use tokio::sync::oneshot;

/// Runs on a thread with so much stack, in kilobytes, and on a runtime whose workers have as much.
fn with_stack<F>(kilobytes: usize, run: fn() -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let bytes = kilobytes * 1024;
    let on = move |workers: Option<usize>| {
        let mut builder = match workers {
            None => Builder::new_current_thread(),
            Some(_) => Builder::new_multi_thread(),
        };
        if let Some(workers) = workers {
            builder.worker_threads(workers).thread_stack_size(bytes);
        }
        builder.enable_time().build().unwrap()
    };
    let on_one_thread = thread::Builder::new().stack_size(bytes);
    let alone = on_one_thread.spawn(move || on(None).block_on(run()));
    alone.unwrap().join().unwrap();
    let workers = on(Some(2));
    workers.block_on(workers.spawn(run())).unwrap();
}

/// A server whose handlers need some of the stack for themselves, and ask the next server.
struct Deep {
    next: Option<DeepClient>,
    told: Option<oneshot::Sender<()>>,
}

#[genserver(inline_casts)]
impl Deep {
    #[init]
    fn init(next: Option<DeepClient>, told: Option<oneshot::Sender<()>>) -> Self {
        Self { next, told }
    }

    #[call]
    async fn depth(&mut self) -> usize {
        use_stack();
        match &self.next {
            Some(next) => next.depth().no_timeout().await.unwrap() + 1,
            None => 1,
        }
    }

    #[call]
    async fn depth_by_loop(&mut self, reply: ReplyTo<usize>) {
        use_stack();
        let deeper = match &self.next {
            Some(next) => next.depth_by_loop().no_timeout().await.unwrap(),
            None => 0,
        };
        reply.send(deeper + 1);
    }

    #[cast]
    async fn descend(&mut self) {
        use_stack();
        if let Some(next) = &self.next {
            next.descend().await.unwrap();
        } else if let Some(told) = self.told.take() {
            told.send(()).unwrap();
        }
    }
}

/// Inlined, so that a handler has the block in its own frame, where it stays for the whole of a poll.
#[inline(always)]
fn use_stack() {
    std::hint::black_box([1_u8; 16 * 1024]);
}

async fn chain(length: usize) -> (DeepClient, oneshot::Receiver<()>) {
    let (told, bottom) = oneshot::channel();
    let mut next = Deep::start(None, Some(told)).await.unwrap();
    for _ in 1..length {
        next = Deep::start(Some(next), None).await.unwrap();
    }
    (next, bottom)
}

#[test]
fn r95_calls_in_place_are_nested_as_deep_as_the_stack_allows() {
    with_stack(256, || async {
        let (first, bottom) = chain(500).await;
        assert_eq!(first.depth().no_timeout().await, Ok(500));
        assert_eq!(first.depth_by_loop().no_timeout().await, Ok(500));
        first.descend().await.unwrap();
        bottom.await.unwrap();
    });
}

type Block<const N: usize> = [u8; N];

/// A server whose state is large, and whose arguments and replies are.
struct Warehouse<const N: usize>(Block<N>);

#[genserver(inline_casts)]
impl<const N: usize> Warehouse<N> {
    #[init]
    async fn init(first: Block<N>) -> Self {
        tokio::task::yield_now().await;
        Self(first)
    }

    #[call]
    fn swap(&mut self, block: Block<N>) -> Block<N> {
        std::mem::replace(&mut self.0, block)
    }

    #[call]
    async fn swap_later(&mut self, block: Block<N>) -> Block<N> {
        tokio::task::yield_now().await;
        std::mem::replace(&mut self.0, block)
    }

    #[call]
    fn swap_by(&mut self, block: Block<N>, reply: ReplyTo<Block<N>>) {
        reply.send(std::mem::replace(&mut self.0, block));
    }

    #[call]
    fn last(&self) -> u8 {
        self.0[N - 1]
    }

    #[cast]
    fn put(&mut self, block: Block<N>) {
        self.0 = block;
    }

    #[cast]
    async fn put_later(&mut self, block: Block<N>) {
        tokio::task::yield_now().await;
        self.0 = block;
    }

    #[info]
    fn tell(&mut self, block: Block<N>) {
        self.0 = block;
    }
}

/// One that is given such blocks and only passes them on.
struct Stage<const N: usize>(Option<StageClient<N>>);

#[genserver(restart = temporary)]
impl<const N: usize> Stage<N> {
    #[init]
    fn init(next: Option<StageClient<N>>) -> Self {
        Self(next)
    }

    #[call]
    async fn pass(&mut self, block: Block<N>) -> Block<N> {
        match &self.0 {
            Some(next) => next.pass(block).no_timeout().await.unwrap(),
            None => block,
        }
    }
}

/// One step of a test, with a frame of its own: what it has on the stack goes with it.
fn step<F: Future<Output = ()> + Send + 'static>(
    step: fn() -> F,
) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(step())
}

async fn store<const N: usize>() -> WarehouseClient<N> {
    Warehouse::start([1; N]).await.unwrap()
}

async fn large_calls<const N: usize>() {
    let store = store::<N>().await;
    assert_eq!(store.swap([2; N]).await.unwrap()[N - 1], 1);
    assert_eq!(store.last().await, Ok(2));
}

async fn large_calls_that_wait<const N: usize>() {
    let store = store::<N>().await;
    assert_eq!(store.swap_later([2; N]).await.unwrap()[N - 1], 1);
    assert_eq!(store.last().await, Ok(2));
}

async fn large_replies_by_hand<const N: usize>() {
    let store = store::<N>().await;
    assert_eq!(store.swap_by([2; N]).await.unwrap()[N - 1], 1);
    assert_eq!(store.last().await, Ok(2));
}

async fn large_owned_calls<const N: usize>() {
    let store = store::<N>().await;
    let call = tokio::spawn(store.swap([2; N]).owned());
    assert_eq!(call.await.unwrap().unwrap()[N - 1], 1);
}

async fn large_casts<const N: usize>() {
    let store = store::<N>().await;
    store.put([2; N]).await.unwrap();
    assert_eq!(store.last().await, Ok(2));
    store.put([3; N]).try_send().unwrap();
    assert_eq!(store.last().await, Ok(3));
}

async fn large_casts_that_wait<const N: usize>() {
    let store = store::<N>().await;
    store.put_later([2; N]).await.unwrap();
    assert_eq!(store.last().await, Ok(2));
}

async fn large_infos<const N: usize>() {
    let store = store::<N>().await;
    store.tell([2; N]).await.unwrap();
    assert_eq!(store.last().await, Ok(2));
}

async fn large_refusals<const N: usize>() {
    let store = store::<N>().await;
    store.stop().await.unwrap();
    let back = store
        .swap([2; N])
        .keep_args()
        .await
        .unwrap_err()
        .into_args();
    assert_eq!(back.unwrap()[N - 1], 2);
}

async fn large_refused_casts<const N: usize>() {
    let store = store::<N>().await;
    store.stop().await.unwrap();
    let back = store.put([2; N]).keep_args().await.unwrap_err().into_args();
    assert_eq!(back.unwrap()[N - 1], 2);
}

async fn three_stages<const N: usize>() {
    let mut first = Stage::<N>::start(None).await.unwrap();
    for _ in 0..2 {
        first = Stage::<N>::start(Some(first)).await.unwrap();
    }
    assert_eq!(first.pass([2; N]).await.unwrap()[N - 1], 2);
}

/// Supervisors have no parameters of their own: theirs have one size.
const ARGUMENT: usize = 32 * 1024;
type Large = Warehouse<ARGUMENT>;

supervisor! {
    Fixed(block: Block<ARGUMENT>) {
        strategy: one_for_one,
        children: [Large(block) as one],
    }
}

supervisor! { Dynamic { dynamic: Large } }

async fn large_child_arguments() {
    let tree = Fixed::start_link([2; ARGUMENT]).await.unwrap();
    let death = tree.one().monitor();
    assert_eq!(tree.one().last().await, Ok(2));
    tree.one().kill();
    death.await;
    assert_eq!(tree.which_children().await.unwrap().len(), 1);
    assert_eq!(tree.one().last().await, Ok(2));
    tree.stop().await.unwrap();
}

async fn large_dynamic_arguments() {
    let many = Dynamic::start_link().await.unwrap();
    let child = many.start_child([2; ARGUMENT]).await.unwrap();
    assert_eq!(child.last().await, Ok(2));
    many.stop().await.unwrap();
}

async fn everything_large<const N: usize>() {
    step(large_calls::<N>).await;
    step(large_calls_that_wait::<N>).await;
    step(large_replies_by_hand::<N>).await;
    step(large_owned_calls::<N>).await;
    step(large_casts::<N>).await;
    step(large_casts_that_wait::<N>).await;
    step(large_infos::<N>).await;
    step(large_refusals::<N>).await;
    step(large_refused_casts::<N>).await;
    step(three_stages::<N>).await;
}

#[test]
fn r96_what_is_large_needs_little_of_the_stack() {
    with_stack(2048, everything_large::<{ 16 * 1024 }>);
    with_stack(2048, everything_large::<{ 32 * 1024 }>);
    with_stack(2048, large_child_arguments);
    with_stack(2048, large_dynamic_arguments);
}

/// A server each of whose callbacks has a large buffer, and keeps it while it waits.
struct Buffered<const N: usize>(Option<BufferedClient<N>>, Arc<AtomicU32>);

#[genserver(trap_exit)]
impl<const N: usize> Buffered<N> {
    #[init]
    async fn init(next: Option<BufferedClient<N>>, filled: Arc<AtomicU32>) -> Self {
        fill([1; N], &filled).await;
        Self(next, filled)
    }

    #[call]
    async fn read(&mut self) -> usize {
        let mut buffer = [0_u8; N];
        buffer[N - 1] = 1;
        let below = match &self.0 {
            Some(next) => next.read().no_timeout().await.unwrap(),
            None => 0,
        };
        below + usize::from(std::hint::black_box(&buffer)[N - 1])
    }

    #[call]
    async fn read_by(&mut self, reply: ReplyTo<()>) {
        fill([1; N], &self.1).await;
        reply.send(());
    }

    #[cast]
    async fn write(&mut self) {
        fill([1; N], &self.1).await;
    }

    #[exit]
    async fn ended(&mut self, _from: Pid, _reason: ExitReason) {
        fill([1; N], &self.1).await;
    }

    #[terminate]
    async fn close(&mut self) {
        fill([1; N], &self.1).await;
    }
}

/// Fills a buffer that its caller has, too.
async fn fill<const N: usize>(mut buffer: Block<N>, filled: &AtomicU32) {
    tokio::task::yield_now().await;
    buffer[0] += 1;
    filled.fetch_add(
        u32::from(std::hint::black_box(&buffer)[N - 1]),
        Ordering::SeqCst,
    );
}

async fn large_buffers<const N: usize>() {
    let filled = Arc::default();
    let mut first = Buffered::<N>::start(None, Arc::clone(&filled))
        .await
        .unwrap();
    for _ in 1..20 {
        first = Buffered::start(Some(first), Arc::clone(&filled))
            .await
            .unwrap();
    }
    assert_eq!(first.read().await, Ok(20));
    first.read_by().await.unwrap();
    first.write().await.unwrap();
    first.exit(ExitReason::Shutdown);
    while filled.load(Ordering::SeqCst) < 20 + 3 {
        tokio::task::yield_now().await;
    }
    first.stop().await.unwrap();
    assert_eq!(filled.load(Ordering::SeqCst), 20 + 4);
}

/// What a handler keeps while it waits lies in memory of its own, as it does in a task, and is not carried there over the stack.
#[test]
fn r286_a_large_buffer_of_a_handler_needs_little_of_the_stack() {
    with_stack(2048, large_buffers::<{ 64 * 1024 }>);
    with_stack(2048, large_buffers::<{ 128 * 1024 }>);
}

async fn buffered<const N: usize>(filled: Arc<AtomicU32>) {
    let mut buffer = [1_u8; N];
    tokio::task::yield_now().await;
    buffer[0] += 1;
    filled.fetch_add(
        u32::from(std::hint::black_box(&buffer)[N - 1]),
        Ordering::SeqCst,
    );
    suptree::stopping().await;
    filled.fetch_add(u32::from(buffer[0]), Ordering::SeqCst);
}

supervisor! {
    Buffers(filled: Arc<AtomicU32>) {
        strategy: one_for_one,
        children: [
            task first: buffered::<{ 256 * 1024 }>(filled),
            task second: buffered::<{ 256 * 1024 }>(filled) { restart: permanent },
        ],
    }
}

async fn large_tasks() {
    let filled = Arc::default();
    let sup = Buffers::start_link(Arc::clone(&filled)).await.unwrap();
    while filled.load(Ordering::SeqCst) < 2 {
        tokio::task::yield_now().await;
    }
    sup.second().kill();
    while filled.load(Ordering::SeqCst) < 3 {
        tokio::task::yield_now().await;
    }
    sup.stop().await.unwrap();
    assert_eq!(filled.load(Ordering::SeqCst), 3 + 4);
}

/// So does what a supervised task keeps.
#[test]
fn r307_a_large_buffer_of_a_task_needs_little_of_the_stack() {
    with_stack(2048, large_tasks);
}

/// An error that says what it comes from, and counts its end. Each tenth destructor panics.
#[derive(Debug)]
struct Above {
    _below: ExitReason,
    number: u32,
    dropped: Arc<AtomicU32>,
}

impl std::fmt::Display for Above {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "above number {}", self.number)
    }
}

impl std::error::Error for Above {}

impl Drop for Above {
    fn drop(&mut self) {
        self.dropped.fetch_add(1, Ordering::SeqCst);
        if self.number.is_multiple_of(10) && !thread::panicking() {
            std::panic::resume_unwind(Box::new(self.number));
        }
    }
}

#[test]
fn r119_errors_inside_one_another_are_dropped_however_many_they_are() {
    const MANY: u32 = 20_000;
    let dropped = Arc::new(AtomicU32::new(0));
    let nested = |count: u32| {
        (0..count).fold(ExitReason::Normal, |reason, number| {
            ExitReason::from(Above {
                _below: ExitReason::from(CallError::Exited(reason)),
                number,
                dropped: Arc::clone(&dropped),
            })
        })
    };
    for count in [1, 2, 30, MANY] {
        drop(nested(count));
        assert_eq!(dropped.swap(0, Ordering::SeqCst), count);
    }
    // What is held elsewhere stays.
    let held = nested(100);
    let above = ExitReason::from(CallError::Exited(held.clone()));
    drop(above);
    assert_eq!(dropped.load(Ordering::SeqCst), 0);
    assert!(held.to_string().ends_with("above number 99"));
    drop(held);
    assert_eq!(dropped.load(Ordering::SeqCst), 100);
}
