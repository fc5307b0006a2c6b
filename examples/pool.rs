//! A pool of connections of any kind. It lends them to processes, and monitors these: what one that dies has not given back is replaced.
//!
//! Run with `cargo run --example pool`. It checks what it finds, and ends by itself.

use std::collections::{HashSet, VecDeque};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use suptree::prelude::*;
use suptree::{MonitorRef, ProcessRef};

/// How a connection is made.
trait Connect: Send + 'static {
    type Connection: Send + 'static;

    fn connect(&mut self) -> impl Future<Output = io::Result<Self::Connection>> + Send;
}

/// A connection that was lent, which is given back when this is dropped; unless its borrower panics in the middle of something, or has
/// taken it out.
struct Lent<C: Connect> {
    connection: Option<C::Connection>,
    monitor: MonitorRef,
    pool: PoolClient<C>,
}

impl<C: Connect> Drop for Lent<C> {
    fn drop(&mut self) {
        let sound = self.connection.take().filter(|_| !std::thread::panicking());
        let _is_gone = self.pool.give_back(self.monitor, sound).try_send();
    }
}

type Got<C> = io::Result<Lent<C>>;

struct Pool<C: Connect> {
    connect: C,
    most: usize,
    idle: Vec<C::Connection>,
    lent: HashSet<MonitorRef>,
    waiting: VecDeque<(ProcessRef, ReplyTo<Got<C>>)>,
}

#[genserver(mailbox = unbounded)]
impl<C: Connect> Pool<C> {
    #[init]
    fn init(connect: C, most: usize) -> Self {
        Self {
            connect,
            most,
            idle: Vec::new(),
            lent: HashSet::new(),
            waiting: VecDeque::new(),
        }
    }

    /// In the order in which they ask.
    #[call]
    async fn check_out(&mut self, to: ProcessRef, reply: ReplyTo<Got<C>>, cx: &mut Context<Self>) {
        self.waiting.push_back((to, reply));
        self.lend(cx).await;
    }

    #[cast]
    async fn give_back(
        &mut self,
        monitor: MonitorRef,
        sound: Option<C::Connection>,
        cx: &mut Context<Self>,
    ) {
        cx.demonitor(monitor);
        if self.lent.remove(&monitor) {
            self.idle.extend(sound);
        }
        self.lend(cx).await;
    }

    /// A borrower is dead, and has not given back: it has forgotten to, or hangs in a destructor.
    #[down]
    async fn is_gone(&mut self, down: Down, cx: &mut Context<Self>) {
        self.lent.remove(&down.monitor);
        self.lend(cx).await;
    }

    #[call]
    fn lent(&self) -> usize {
        self.lent.len()
    }

    async fn lend(&mut self, cx: &mut Context<Self>) {
        while self.lent.len() < self.most
            && let Some((to, reply)) = self.waiting.pop_front()
        {
            if reply.is_closed() {
                continue;
            }
            let connection = match self.idle.pop() {
                Some(connection) => Ok(connection),
                None => self.connect.connect().await,
            };
            reply.send(connection.map(|connection| {
                let monitor = cx.monitor(&to);
                self.lent.insert(monitor);
                Lent {
                    connection: Some(connection),
                    monitor,
                    pool: cx.client(),
                }
            }));
        }
    }
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The crashes of borrowers are on purpose.
    std::panic::set_hook(Box::new(|_| {}));
    suptree::remove_default_handler();
    let numbers = Numbers::default();
    let app = App::start_link(numbers.clone()).await?;
    let pool = app.pool();

    // One that ends gives back what it has, and the next one has the same.
    for _ in 0..3 {
        let borrower = Borrower::start().await?;
        assert_eq!(borrower.borrow(pool.clone()).await?, Some(0));
        borrower.stop().await?;
    }
    println!("given back: {} was made", numbers.0.load(Ordering::Relaxed));

    // One that crashes while it uses a connection leaves it in no good state: there is a new one.
    let borrower = Borrower::start().await?;
    borrower.borrow(pool.clone()).await?;
    assert!(borrower.crash().await.is_err());
    borrower.monitor().await;
    let borrower = Borrower::start().await?;
    assert_eq!(borrower.borrow(pool.clone()).await?, Some(1));

    // Who asks for more than there is waits until somebody dies.
    let (second, third) = (Borrower::start().await?, Borrower::start().await?);
    assert_eq!(second.borrow(pool.clone()).await?, Some(2));
    let (waited, ()) = tokio::join!(third.borrow(pool.clone()), async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        borrower.kill();
    });
    assert_eq!(waited?, Some(1));

    // Who has given up is passed over.
    let late = Borrower::start().await?;
    let soon = Duration::from_millis(10);
    assert!(late.borrow(pool.clone()).timeout(soon).await.is_err());
    late.kill();
    drop((second.stop().await, third.stop().await));
    println!(
        "waited for: {} were made",
        numbers.0.load(Ordering::Relaxed)
    );

    // Nothing is lost to those who forget.
    for _ in 0..10_000 {
        let borrower = Borrower::start().await?;
        borrower.borrow(pool.clone()).await?.expect("there is room");
        borrower.forget().await?;
        let end = borrower.monitor();
        borrower.kill();
        end.await;
    }
    assert_eq!(pool.lent().await?, 0);
    println!("10,000 have forgotten: {} are lent", pool.lent().await?);
    app.stop().await?;
    Ok(())
}

/// Numbers, as connections: how many were made.
#[derive(Clone, Default)]
struct Numbers(Arc<AtomicUsize>);

impl Connect for Numbers {
    type Connection = usize;

    async fn connect(&mut self) -> io::Result<usize> {
        tokio::task::yield_now().await;
        Ok(self.0.fetch_add(1, Ordering::Relaxed))
    }
}

supervisor! { App(numbers: Numbers) { strategy: one_for_one, children: [Pool<Numbers>(numbers, 2) as pool] } }

/// Borrows, and dies in one way or another.
#[derive(Default)]
struct Borrower(Vec<Lent<Numbers>>);

#[genserver(restart = temporary)]
impl Borrower {
    #[call]
    async fn borrow(&mut self, pool: PoolClient<Numbers>, cx: &mut Context<Self>) -> Option<usize> {
        let lent = pool.check_out(cx.client().process()).await.ok()?.ok()?;
        let number = lent.connection;
        self.0.push(lent);
        number
    }

    #[call]
    fn forget(&mut self) {
        self.0.drain(..).for_each(std::mem::forget);
    }

    #[call]
    fn crash(&mut self) {
        let _in_use = self.0.pop();
        panic!("in the middle of something");
    }
}
