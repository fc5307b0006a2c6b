//! Streams that have something as their server polls them, dies, is suspended, or is detached: nothing that they say is lost, and nothing
//! outlives the server.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context as TaskContext, Poll, Waker};

use futures_core::Stream;
use shuttle::future::block_on;
use shuttle::sync::Mutex;
use suptree_core::checker::Timers;
use suptree_core::{
    Attached, Context, ExitReason, GenServer, NoMessage, ReplyTo, ServerRef, start, sys,
};

use crate::desk::Gate;
use crate::harness::{client, join, run};

type Item = Arc<()>;

/// What a stream has: the other end of it.
#[derive(Clone, Default)]
struct Source(Arc<Shared>);

#[derive(Default)]
struct Shared {
    queue: Mutex<(VecDeque<Item>, Option<Waker>)>,
    dropped: AtomicBool,
}

impl Source {
    fn put(&self, item: Item) {
        let waker = {
            let (items, waker) = &mut *self.0.queue.lock().expect("no poison");
            items.push_back(item);
            waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn is_dropped(&self) -> bool {
        self.0.dropped.load(Ordering::SeqCst)
    }
}

/// The stream itself.
struct Items(Source);

impl Stream for Items {
    type Item = Item;

    fn poll_next(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Option<Item>> {
        let (items, waker) = &mut *self.0.0.queue.lock().expect("no poison");
        match items.pop_front() {
            Some(item) => Poll::Ready(Some(item)),
            None => {
                *waker = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl Drop for Items {
    fn drop(&mut self) {
        self.0.0.dropped.store(true, Ordering::SeqCst);
    }
}

const ITEMS: u64 = 3;

/// What a reader is started with: where its items come from, how many were handled, and what it opens at the last.
#[derive(Clone, Default)]
struct Args {
    source: Source,
    handled: Arc<AtomicU64>,
    last: Gate,
}

struct Reader {
    args: Args,
    attached: Attached,
}

impl GenServer for Reader {
    type Args = Args;
    type Call = ReplyTo<Attached>;
    type Cast = NoMessage;
    type Info = Item;
    type Client = ServerRef<Self>;

    async fn init(args: Args, cx: &mut Context<Self>) -> Result<Self, ExitReason> {
        let attached = cx.attach_with(Items(args.source.clone()), |item| item);
        Ok(Self { args, attached })
    }

    async fn handle_call(
        &mut self,
        reply: ReplyTo<Attached>,
        _cx: &mut Context<Self>,
    ) -> Result<(), ExitReason> {
        reply.send(self.attached.clone());
        Ok(())
    }

    async fn handle_info(
        &mut self,
        _item: Item,
        _cx: &mut Context<Self>,
    ) -> Result<(), ExitReason> {
        if self.args.handled.fetch_add(1, Ordering::SeqCst) + 1 == ITEMS {
            self.args.last.open();
        }
        Ok(())
    }
}

fn reader() -> (ServerRef<Reader>, Args) {
    let args = Args::default();
    let own = args.clone();
    let reader = block_on(async { start::<Reader>(own).await });
    (reader.expect("it starts"), args)
}

/// Puts all items into the stream.
fn puts(source: &Source) -> (shuttle::thread::JoinHandle<()>, Item) {
    let (source, item) = (source.clone(), Item::default());
    let own = Arc::clone(&item);
    let puts = client(async move {
        for _ in 0..ITEMS {
            source.put(Arc::clone(&own));
        }
    });
    (puts, item)
}

/// It has something as it is polled: each is handled.
pub(crate) fn ready_as_it_is_polled() {
    run(Timers::Never, |_faults| {
        let (_reader, args) = reader();
        let (puts, _item) = puts(&args.source);
        block_on(args.last.passed());
        join([puts]);
    });
}

/// It has something as its server dies: the stream, and what was taken out of it, are dropped before the end is told.
pub(crate) fn ready_as_its_server_dies() {
    run(Timers::Never, |faults| {
        let (reader, args) = reader();
        let (puts, item) = puts(&args.source);
        let down = reader.monitor();
        reader.kill();
        block_on(down);
        let handled = args.handled.load(Ordering::SeqCst);
        if !args.source.is_dropped() {
            faults.add("its end is told, and the stream is not dropped");
        }
        join([puts]);
        let left = {
            let (items, _) = &*args.source.0.queue.lock().expect("no poison");
            items.len()
        };
        let kept = Arc::strong_count(&item) - 1 - left;
        if kept > 0 || args.handled.load(Ordering::SeqCst) != handled {
            faults.add(format!(
                "one that is dead keeps {kept} items, or handles some"
            ));
        }
    });
}

/// It has something as its server is suspended: nothing is handled until it goes on, and then all.
pub(crate) fn ready_as_its_server_is_suspended() {
    run(Timers::Never, |faults| {
        let (reader, args) = reader();
        let (puts, _item) = puts(&args.source);
        block_on(async {
            if let Err(error) = sys::suspend(&reader).no_timeout().await {
                faults.add(format!("it is not suspended: {error}"));
            }
        });
        let before = args.handled.load(Ordering::SeqCst);
        join([puts]);
        let asked = block_on(async {
            let asked = sys::with_state(&reader, |_: &Reader| ());
            asked.no_timeout().await
        });
        let after = args.handled.load(Ordering::SeqCst);
        if asked.is_err() || before != after {
            faults.add(format!(
                "{before} items were handled, and {after} while it was suspended; asked: {asked:?}"
            ));
        }
        block_on(async {
            if let Err(error) = sys::resume(&reader).no_timeout().await {
                faults.add(format!("it does not resume: {error}"));
            }
        });
        block_on(args.last.passed());
    });
}

/// It is detached by somebody else as it has something: when its server has answered once more, the stream is gone.
pub(crate) fn detached_as_it_is_polled() {
    run(Timers::Never, |faults| {
        let (reader, args) = reader();
        let attached = block_on(async { reader.call_with(|reply| reply).no_timeout().await });
        let (puts, _item) = puts(&args.source);
        let Ok(attached) = attached else {
            return faults.add("it does not answer");
        };
        attached.detach();
        let asked = block_on(async { reader.call_with(|reply| reply).no_timeout().await });
        let handled = args.handled.load(Ordering::SeqCst);
        if asked.is_err() || attached.is_attached() || !args.source.is_dropped() {
            faults.add("it is detached, and the stream is not dropped");
        }
        join([puts]);
        let asked = block_on(async { reader.call_with(|reply| reply).no_timeout().await });
        if asked.is_err() || args.handled.load(Ordering::SeqCst) != handled {
            faults.add("it is detached, and items come");
        }
    });
}
