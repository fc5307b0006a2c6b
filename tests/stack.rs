//! Stack: what is large is passed on in the memory of the heap, and calls inside of calls use little of the stack.

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
