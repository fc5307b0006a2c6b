//! What a system has to be able to do for the messaging workloads.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use crate::flavour::{Flavour, run_in_task};

/// The timeout of a call where a workload asks for one; Elixir's default.
pub const CALL_TIMEOUT: Duration = Duration::from_secs(5);

/// The result of a spawned client.
pub type Joined<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Which mailbox a workload wants.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mailbox {
    /// What a user gets who says nothing.
    Default,
    Unbounded,
    Bounded(usize),
}

/// A system under test. Its server is a counter with [`State`](crate::State); every method is written as a user of the
/// system would write it.
pub trait System: Send + Sync + 'static {
    /// Whether a call arrives after the casts the same client sent before it. Where it does not, a workload polls.
    const FIFO: bool = true;

    /// What keeps a server and lets it be stopped.
    type Server: Send + Sync + 'static;
    /// What sends to it.
    type Client: Clone + Send + Sync + 'static;

    /// Whether the system can express a workload.
    fn supports(_work: &str, _flavour: Flavour) -> bool {
        true
    }

    /// Runs `main` to its end inside a task of the runtime.
    fn run<F>(flavour: Flavour, main: F) -> F::Output
    where
        F: Future<Output: Send> + Send + 'static,
    {
        run_in_task(flavour, main)
    }

    /// Spawns a client that runs beside the others.
    fn spawn_client<F>(client: F) -> Joined<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        let task = tokio::spawn(client);
        Box::pin(async move { task.await.expect("the client ends") })
    }

    fn start(mailbox: Mailbox) -> impl Future<Output = Self::Server> + Send;
    fn client(server: &Self::Server) -> Self::Client;

    /// A call: the counter's value. The handler is a plain function wherever the system has such handlers.
    fn call(client: &Self::Client) -> impl Future<Output = u64> + Send;
    /// The same call to an async handler that does not wait.
    fn call_async(client: &Self::Client) -> impl Future<Output = u64> + Send {
        Self::call(client)
    }
    /// The same call, with a timeout of [`CALL_TIMEOUT`], certain to go through the mailbox.
    fn call_queued(client: &Self::Client) -> impl Future<Output = u64> + Send;
    /// A cast: adds to the counter.
    fn cast(client: &Self::Client, amount: u64) -> impl Future<Output = ()> + Send;

    /// Stops every server and waits until each is gone.
    fn stop_all(servers: Vec<Self::Server>) -> impl Future<Output = ()> + Send;

    /// A cast that makes `next` the server's successor in the ring.
    fn set_next(client: &Self::Client, next: Self::Client) -> impl Future<Output = ()> + Send;
    /// A cast whose handler passes the token on with a hop less, or calls [`ring_done`](crate::ring_done) with none left.
    fn token(client: &Self::Client, hops: u64) -> impl Future<Output = ()> + Send;

    /// A cast whose handler awaits the [`gate`](crate::gate()).
    fn hold(client: &Self::Client) -> impl Future<Output = ()> + Send;
    /// A cast whose handler calls [`burn_one_microsecond`](crate::burn_one_microsecond).
    fn work(client: &Self::Client) -> impl Future<Output = ()> + Send;
}

/// A system that can kill.
pub trait Kill: System {
    /// Kills the server in the system's hardest way, and waits until it is gone.
    fn kill(server: Self::Server) -> impl Future<Output = ()> + Send;
}

/// A system whose servers can be sent something later.
pub trait Later: System {
    /// What was set, to be cancelled.
    type Timers: Send;

    /// Has a cast sent to the server after each of these times, and waits until all are set.
    fn set_all(
        client: &Self::Client,
        times: Vec<Duration>,
    ) -> impl Future<Output = Self::Timers> + Send;

    /// Cancels them all, and waits until nothing is left of them.
    fn cancel_all(timers: Self::Timers) -> impl Future<Output = ()> + Send;
}

/// A system whose servers can be asked by what they can do, whatever their types are.
pub trait Spoken: System {
    /// What asks one.
    type Speaker: Send + Sync + 'static;

    /// Starts a server that is asked so.
    fn start_spoken() -> impl Future<Output = Self::Speaker> + Send;
    /// A call: the counter's value.
    fn call_spoken(speaker: &Self::Speaker) -> impl Future<Output = u64> + Send;
    /// A cast: adds to the counter.
    fn cast_spoken(speaker: &Self::Speaker, amount: u64) -> impl Future<Output = ()> + Send;
}

/// A system whose servers have names.
pub trait Named: System {
    /// Starts a server under a name.
    fn start_named(name: String) -> impl Future<Output = ()> + Send;
    /// Finds the server by its name and calls it.
    fn call_named(name: &str) -> impl Future<Output = u64> + Send;
}
